"""A message as words, each with its place in the text and what it can mean."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from domain.urdu.lexicon import Lexicon, Senses, command_lexicon, key_of, talk_lexicon
from domain.urdu.spelling import WORD

DIGITS = 9
# No word of ours is longer; trying every ending of a longer one would only cost time.
WORD_MAX = 32

HONOURS = ("jaan", "jan", "ji", "sahab", "saab", "جان", "جی", "صاحب")
OF_PERSONS = ("ko", "of", "from", "liye", "with")

Phrases = list[tuple[tuple[str, ...], Senses]]


class Word(Struct, frozen=True, gc=False):
    """A word or a phrase of the lexicon. `text` is `source[start:end]`; `senses` maps kinds to values."""

    text: str
    key: str
    start: int
    end: int
    senses: Senses


# A message is asked several things while it is understood: whether it follows up, denies, commands or greets.
@lru_cache(maxsize=8)
def read_words(text: str, talk: bool = False) -> Sequence[Word]:
    """The words of a text in order; phrases of the lexicon are one word. `talk`: read as talk, not as a command."""
    look_up, words, end = _in_talk if talk else _in_commands, [], 0
    for raw in WORD.findall(text):
        key, senses = look_up(raw)
        start = text.find(raw, end)
        end = start + len(raw)
        words.append(Word(raw, key, start, end, senses))
    return tuple(_with_persons(_with_phrases(words, text, talk_lexicon() if talk else command_lexicon())))


def begins_without(text: str, kinds: frozenset[str]) -> int | None:
    """Where a text begins whose first word, read as talk, is none of these kinds and begins no phrase; else None."""
    found = WORD.search(text)
    key, senses = _in_talk(found[0]) if found else ("", {})
    plain = key[:1].isalnum() and kinds.isdisjoint(senses) and key not in talk_lexicon().phrases
    return found.start() if found and plain else None


def _with_persons(words: list[Word]) -> list[Word]:
    """Read "bhai" and "sir ji" as whom a task is about where a postposition follows: nobody addresses "bhai ko"."""
    for at in [at for at, word in enumerate(words[:-1]) if "person" in word.senses]:
        last = at + (words[at + 1].key in HONOURS and at + 2 < len(words))
        behind = words[last + 1].senses
        if behind.get("post") in OF_PERSONS or "ergative" in behind:
            words[at : last + 1] = [Word(w.text, w.key, w.start, w.end, {}) for w in words[at : last + 1]]
    return words


@lru_cache(maxsize=16_384)
def _in_commands(raw: str) -> tuple[str, Senses]:
    return _look_up(raw, command_lexicon())


@lru_cache(maxsize=16_384)
def _in_talk(raw: str) -> tuple[str, Senses]:
    return _look_up(raw, talk_lexicon())


def _look_up(raw: str, lexicon: Lexicon) -> tuple[str, Senses]:
    if len(raw) > WORD_MAX:
        return raw.lower(), {}
    if raw.isdecimal():
        return raw, {"number": int(raw), "digits": True} if len(raw) <= DIGITS else {}
    senses = lexicon.senses(raw) or lexicon.senses(raw.removesuffix("'s").removesuffix("’s"))
    return raw.lower() if raw.lower() in lexicon.plain else key_of(raw), senses


def _with_phrases(words: list[Word], text: str, lexicon: Lexicon) -> list[Word]:
    begins = [at for at, word in enumerate(words[:-1]) if word.key in lexicon.phrases]
    joined: list[Word] = []
    done = 0
    for at in begins:
        phrases = lexicon.phrases[words[at].key].get(words[at + 1].key) if at >= done else None
        phrase = _longest(words, at, phrases, text) if phrases else None
        if phrase:
            joined += words[done:at]
            joined.append(phrase[0])
            done = phrase[1] + 1
    return joined + words[done:] if joined else words


def _longest(words: list[Word], at: int, phrases: Phrases, text: str) -> tuple[Word, int] | None:
    """The longest phrase that begins at this place, and the place of its last word."""
    for rest, senses in phrases:
        end = at + 1 + len(rest)
        if tuple(word.key for word in words[at + 2 : end + 1]) == rest:
            first, last = words[at], words[end]
            key = " ".join(word.key for word in words[at : end + 1])
            return Word(text[first.start : last.end], key, first.start, last.end, senses), end
    return None
