"""The closed vocabulary, read from lexicon.toml and checked: every spelling leads to what the word can mean."""

import tomllib
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from msgspec import Struct

from domain.urdu.spelling import fold, split_words

Senses = dict[str, Any]
Table = dict[str, str]
NUMERIC = ("number", "day", "weekday", "month", "ordinal", "moment")
MOODS = ("stem", "imperative", "infinitive", "perfect", "future", "habitual", "able")
# Sections in which the entry is the kind and the section its mood, and those in which the entry is a kind by itself.
MOODED = {"bare": "bare", "command": "imperative", "past": "perfect", "gerund": "infinitive"}
KINDS = ("small", "mood", "place", "span", "clock")
SHORT = 3
NONE: Table = {}


class LexiconError(ValueError):
    """The lexicon file breaks its rules; the message names the section, the entry and the spelling."""


class Lexicon(Struct, frozen=True):
    """What words mean. `words`: key to senses, a sense being kind to value ({"day": 1}).

    `phrases`: the keys of a first and a second word to the phrases that begin so: the further keys, longest first,
    each with its senses. `stems`: of verbs, by table, with their kinds. `endings`: their mood, by table.
    `plain`: spellings that only look like a form of one of our verbs.
    """

    words: dict[str, Senses]
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Senses]]]]
    stems: dict[str, dict[str, list[str]]]
    endings: dict[str, Table]
    plain: dict[str, Senses]

    def senses(self, word: str) -> Senses:
        """All that a word can mean, as listed and as a form of a verb."""
        plain = self.plain.get(word.lower())
        if plain is not None:
            return plain
        listed = self.words.get(key_of(word), {})
        return self._inflected(word.lower()) | listed

    def _inflected(self, word: str) -> Senses:
        """A word as the form of a verb: every stem before every ending of its table."""
        found: Senses = {}
        for cut in range(len(word), 1, -1):
            for table, mood in self.endings.get(fold(word[cut:]), NONE).items():
                for kind in self.stems[table].get(key_of(word[:cut]), ()):
                    found.setdefault(kind, mood)
        return found


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
    plain = {word: {kind: True} for kind, words in tables.pop("plain", {}).items() for word in _each(words)}
    stems, endings = tables.pop("stems", {}), tables.pop("endings", {})
    lexicon = Lexicon({}, {}, *_verbs(stems, endings), plain)
    for kind, table in tables.items():
        for value, spellings in table.items():
            for one, spelling in product(value.split(), _each(spellings)):
                _put(lexicon, spelling, *_sense(kind, one))
    for begun in lexicon.phrases.values():
        for phrases in begun.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
    return lexicon


def _each(spellings: str) -> list[str]:
    return [spelling.strip() for spelling in spellings.split(",")]


def _check(kind: str, table: object) -> None:
    if not isinstance(table, dict):
        raise LexiconError(f"lexicon.toml: [{kind}] must be a table of spellings")
    for value, spellings in table.items():
        if isinstance(spellings, dict):
            _check(f"{kind}.{value}", spellings)
            continue
        if not isinstance(spellings, str):
            raise LexiconError(f"lexicon.toml: [{kind}] {value} must be one string of spellings, with commas between")
        if not kind.startswith("endings") and not all(_each(spellings)):
            raise LexiconError(f"lexicon.toml: [{kind}] {value} holds an empty spelling")
        if kind in NUMERIC and not value.lstrip("-").isdigit():
            raise LexiconError(f"lexicon.toml: [{kind}] {value} must be a number")
        if kind.startswith("endings") and value not in MOODS:
            raise LexiconError(f"lexicon.toml: [{kind}] {value} is no mood; moods are {', '.join(MOODS)}")


def _sense(kind: str, value: str) -> tuple[str, object]:
    """[bare] delete: the verb and its mood; [small] me: a word of its own kind; [day] 1: the kind and its value."""
    if kind in MOODED:
        return value, MOODED[kind]
    if kind in KINDS:
        return value, True
    return kind, int(value) if kind in NUMERIC else value


def _put(lexicon: Lexicon, spelling: str, kind: str, value: object) -> None:
    keys = (key_of(spelling),) if spelling.isalpha() else tuple(map(key_of, split_words(spelling)))
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


def _verbs(
    stems: dict[str, Table], endings: dict[str, Table]
) -> tuple[dict[str, dict[str, list[str]]], dict[str, Table]]:
    kinds: dict[str, dict[str, list[str]]] = {}
    for table, verbs in stems.items():
        if table not in endings:
            raise LexiconError(f"lexicon.toml: [stems.{table}] has no [endings.{table}]")
        kinds[table] = {}
        for kind, spellings in verbs.items():
            for stem in _each(spellings):
                kinds[table].setdefault(key_of(stem), []).append(kind)
    moods: dict[str, Table] = {}
    for table in filter(kinds.__contains__, endings):
        for mood, forms in reversed(endings[table].items()):
            for ending in _each(forms):
                moods.setdefault(fold(ending), {})[table] = mood
    return kinds, moods


def _with_talk(commands: Lexicon, talk: Lexicon) -> Lexicon:
    """The words of talk beside what the same words mean in commands."""
    words = {key: commands.words.get(key, {}) | senses for key, senses in talk.words.items()}
    return Lexicon(commands.words | words, talk.phrases, commands.stems, commands.endings, {})


def _load(name: str) -> Lexicon:
    return read_lexicon(Path(__file__).with_name(name).read_text("utf-8"))


@cache
def command_lexicon() -> Lexicon:
    """The words of commands, read when a message is first heard. Raises LexiconError."""
    return _load("lexicon.toml")


@cache
def talk_lexicon() -> Lexicon:
    """The words of talk: answers, greetings, the marks of each language; read when a message is first heard."""
    return _with_talk(command_lexicon(), _load("talk.toml"))
