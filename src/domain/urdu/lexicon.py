"""The closed vocabulary, read from lexicon.toml and checked: every spelling leads to what the word can mean."""

import tomllib
from importlib.resources import files
from typing import Any

from msgspec import Struct

from domain.urdu.spelling import fold, split_words

Senses = dict[str, Any]
NUMERIC = ("number", "day", "weekday", "month", "ordinal", "moment")
MOODS = ("stem", "imperative", "infinitive", "perfect", "future", "habitual", "able")
SHORT = 3


class LexiconError(ValueError):
    """The lexicon file breaks its rules; the message names the section, the entry and the spelling."""


class Lexicon(Struct, frozen=True):
    """What words mean. `words`: key to senses, a sense being kind to value ({"day": 1}).

    `phrases`: the keys of a first and a second word to the phrases that begin so: the further keys, longest first,
    each with its senses.
    `plain`: spellings that only look like a form of one of our verbs.
    """

    words: dict[str, Senses]
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Senses]]]]
    plain: dict[str, Senses]


def key_of(word: str) -> str:
    """The key of a word in the lexicon: folded, but exactly as spelt where little would remain to tell it by."""
    folded = fold(word)
    return folded if len(folded) > SHORT or not folded.isascii() else word.lower()


def read_lexicon(text: str) -> Lexicon:
    """The lexicon of a TOML text. Raises LexiconError for what a speaker may get wrong."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LexiconError(f"lexicon.toml: {fault}") from fault
    for kind, table in tables.items():
        _check(kind, table)
    stems, endings = tables.pop("stems", {}), tables.pop("endings", {})
    plain = {word: {kind: True} for kind, words in tables.pop("plain", {}).items() for word in words}
    lexicon = Lexicon({}, {}, plain)
    for kind, table in tables.items():
        for value, spellings in table.items():
            for spelling in spellings:
                _put(lexicon, spelling, *_sense(kind, value))
    _inflect(lexicon, stems, endings)
    for begun in lexicon.phrases.values():
        for phrases in begun.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
    return lexicon


def _check(kind: str, table: object) -> None:
    if not isinstance(table, dict):
        raise LexiconError(f"lexicon.toml: [{kind}] must be a table of lists")
    for value, spellings in table.items():
        if isinstance(spellings, dict):
            _check(f"{kind}.{value}", spellings)
            continue
        if not isinstance(spellings, list) or not all(isinstance(s, str) for s in spellings):
            raise LexiconError(f"lexicon.toml: [{kind}] {value} must be a list of spellings")
        if not kind.startswith("endings") and not all(s.strip() for s in spellings):
            raise LexiconError(f"lexicon.toml: [{kind}] {value} holds an empty spelling")
        if kind in NUMERIC and not value.lstrip("-").isdigit():
            raise LexiconError(f"lexicon.toml: [{kind}] {value} must be a number")
        if kind.startswith("endings") and value not in MOODS:
            raise LexiconError(f"lexicon.toml: [{kind}] {value} is no mood; moods are {', '.join(MOODS)}")


def _sense(kind: str, value: str) -> tuple[str, object]:
    """[bare] delete: the kind is what the verb asks for, the value its mood; [small] me: a word of its own kind."""
    if kind in ("bare", "past", "gerund"):
        return value, {"bare": "bare", "past": "perfect", "gerund": "infinitive"}[kind]
    if kind in ("light", "post", "span", "clock"):
        return (kind, value) if kind in ("light", "post") else (value, True)
    if kind in ("small", "mood", "place"):
        return value, True
    return kind, int(value) if kind in NUMERIC else value


def _put(lexicon: Lexicon, spelling: str, kind: str, value: object) -> None:
    keys = tuple(map(key_of, split_words(spelling)))
    if not keys:
        raise LexiconError(f"lexicon.toml: [{kind}] {value}: {spelling!r} holds no word")
    if len(keys) == 1:
        senses = lexicon.words.setdefault(keys[0], {})
    else:
        phrases = lexicon.phrases.setdefault(keys[0], {}).setdefault(keys[1], [])
        senses = next((known for rest, known in phrases if rest == keys[2:]), {})
        if not senses:
            phrases.append((keys[2:], senses))
    senses.setdefault(kind, value)


def _inflect(
    lexicon: Lexicon, stems: dict[str, dict[str, list[str]]], endings: dict[str, dict[str, list[str]]]
) -> None:
    """Every stem with every ending of its table; a spelling listed by hand keeps its own meaning."""
    for table, verbs in stems.items():
        if table not in endings:
            raise LexiconError(f"lexicon.toml: [stems.{table}] has no [endings.{table}]")
        attached = [(ending, mood) for mood, forms in endings[table].items() for ending in forms]
        for kind, spellings in verbs.items():
            for stem in spellings:
                for ending, mood in attached:
                    _put(lexicon, stem + ending, kind, mood)


def _with_talk(commands: Lexicon, talk: Lexicon) -> Lexicon:
    """The words of talk beside what the same words mean in commands."""
    words = {key: commands.words.get(key, {}) | senses for key, senses in talk.words.items()}
    return Lexicon(commands.words | words, talk.phrases, {})


def _load(name: str) -> Lexicon:
    return read_lexicon(files("domain.urdu").joinpath(name).read_text("utf-8"))


LEXICON = _load("lexicon.toml")
"""The words of commands."""
TALK = _with_talk(LEXICON, _load("talk.toml"))
"""The words of talk: answers, greetings, the marks of each language."""
