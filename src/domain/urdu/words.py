"""A message as words, each with its place in the text and what it can mean."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from domain.urdu.lexicon import Lexicon, Senses, command_lexicon, key_of, talk_lexicon
from domain.urdu.spelling import WORD, split_words

DIGITS = 9
# No word of ours is longer; every ending of a longer one would only cost time.
WORD_MAX = 32

HONOURS = ("jaan", "jan", "ji", "sahab", "saab", "جان", "جی", "صاحب")
OF_PERSONS = ("ko", "of", "from", "liye", "with")

Phrases = list[tuple[tuple[str, ...], Senses]]
# What a word is in a lexicon: its key, senses and kinds, and the phrases that begin with it.
Begun = dict[str, Phrases]
Known = tuple[str, Senses, int, Begun | None]
_bits: dict[str, int] = {}


def bits_of(*kinds: str) -> int:
    """Kinds as bits of one number: a word is asked at once whether it is of any of them."""
    bits = 0
    for kind in kinds:
        bits |= _bits.setdefault(kind, 1 << len(_bits))
    return bits


# What is no word at all: punctuation, emoji.
SIGN = bits_of("sign")
NUMERAL, PERSON = bits_of("number", "digits"), bits_of("person")


class Word(Struct, frozen=True, gc=False):
    """A word or a phrase of the lexicon. `text` is `source[start:end]`; `senses` maps kinds to values.

    `bits`: the kinds of its senses, and SIGN.
    """

    text: str
    key: str
    start: int
    end: int
    senses: Senses
    bits: int

    def means(self, *kinds: str) -> bool:
        """Whether it can mean one of these."""
        return not self.senses.keys().isdisjoint(kinds)

    def unsaid(self) -> "Word":
        """The same word standing for nothing."""
        return Word(self.text, self.key, self.start, self.end, {}, self.bits & SIGN)


Words = Sequence[Word]


# A message is asked several things while it is understood: whether it follows up, denies, commands or greets.
@lru_cache(maxsize=8)
def read_words(text: str, talk: bool = False) -> Words:
    """The words of a text in order; phrases of the lexicon are one word. `talk`: read as talk, not as a command."""
    look_up = _in_talk if talk else _in_commands
    words: list[Word] = []
    begins: list[tuple[int, Begun]] = []
    kinds = end = 0
    for at, raw in enumerate(split_words(text)):
        key, senses, bits, begun = look_up(raw)
        if begun:
            begins.append((at, begun))
        start = text.find(raw, end)
        end = start + len(raw)
        words.append(Word(raw, key, start, end, senses, bits))
        kinds |= bits
    said = _with_phrases(words, begins, text) if begins else words
    return tuple(_with_persons(said) if kinds & PERSON or len(said) < len(words) else said)


def begins_without(text: str, kinds: int) -> int | None:
    """Where a text begins whose first word, read as talk, is none of these kinds and begins no phrase; else None."""
    first = WORD.search(text)
    if first is None:
        return None
    _, _, bits, begun = _in_talk(first[0])
    second = WORD.search(text, first.end()) if begun else None
    joined = begun and second and _in_talk(second[0])[0] in begun
    return None if joined or bits & (kinds | SIGN) else first.start()


def _with_persons(words: list[Word]) -> list[Word]:
    """Read "bhai" and "sir ji" as whom a task is about where a postposition follows: nobody addresses "bhai ko"."""
    for at in [at for at, word in enumerate(words[:-1]) if word.bits & PERSON]:
        last = at + (words[at + 1].key in HONOURS and at + 2 < len(words))
        behind = words[last + 1].senses
        if behind.get("post") in OF_PERSONS or "ergative" in behind:
            words[at : last + 1] = [word.unsaid() for word in words[at : last + 1]]
    return words


@lru_cache(maxsize=16_384)
def _in_commands(raw: str) -> Known:
    return _look_up(raw, command_lexicon())


@lru_cache(maxsize=16_384)
def _in_talk(raw: str) -> Known:
    return _look_up(raw, talk_lexicon())


def _look_up(raw: str, lexicon: Lexicon) -> Known:
    if raw.isdecimal():
        known = ({"number": int(raw), "digits": True}, NUMERAL) if len(raw) <= DIGITS else ({}, 0)
        return raw, *known, lexicon.phrases.get(raw)
    if len(raw) > WORD_MAX:
        return raw.lower(), {}, 0, None
    senses = lexicon.senses(raw) or lexicon.senses(raw.removesuffix("'s").removesuffix("’s"))
    key = raw.lower() if raw.lower() in lexicon.plain else key_of(raw)
    return key, senses, bits_of(*senses) | (0 if key[0].isalnum() else SIGN), lexicon.phrases.get(key)


def _with_phrases(words: list[Word], begins: list[tuple[int, Begun]], text: str) -> list[Word]:
    joined: list[Word] = []
    done, last = 0, len(words) - 1
    for at, begun in begins:
        phrases = begun.get(words[at + 1].key) if done <= at < last else None
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
        if tuple([word.key for word in words[at + 2 : end + 1]]) == rest:
            first, last = words[at], words[end]
            key = " ".join([word.key for word in words[at : end + 1]])
            bits = bits_of(*senses) | first.bits & SIGN
            return Word(text[first.start : last.end], key, first.start, last.end, senses, bits), end
    return None
