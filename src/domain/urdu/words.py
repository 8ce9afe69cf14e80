"""A message as words, each with its place in the text and what it can mean."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from domain.kept import WORD_MAX, Kept
from domain.urdu.lexicon import Lexicon, Senses, command_lexicon, key_of, talk_lexicon
from domain.urdu.spelling import split_words

DIGITS = 9

HONOURS = ("jaan", "jan", "ji", "sahab", "saab", "جان", "جی", "صاحب")
OF_PERSONS = ("ko", "of", "from", "liye", "with")

Phrases = list[tuple[tuple[str, ...], Senses]]
Begun = dict[str, Phrases]
# A word, and the phrases that begin with it.
Known = tuple["Word", Begun | None]
_bits: dict[str, int] = {}


def bits_of(*kinds: str) -> int:
    """Kinds, with blanks between, as bits of one number: a word is asked at once whether it is of any of them."""
    bits = 0
    for kind in " ".join(kinds).split():
        bits |= _bits.setdefault(kind, 1 << len(_bits))
    return bits


# What is no word at all: punctuation, emoji.
SIGN = bits_of("sign")
NUMERAL, PERSON = bits_of("number digits"), bits_of("person")


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
# The places of words, half open.
Span = tuple[int, int]


# A message is asked several things while it is understood: whether it follows up, denies, commands or greets.
@lru_cache(maxsize=8)
def read_words(text: str, talk: bool = False) -> Words:
    """The words of a text in order; phrases of the lexicon are one word. `talk`: read as talk, not as a command."""
    pieces = _talk if talk else _commands
    words: list[Word] = []
    joined: list[tuple[int, Phrases]] = []
    begun: Begun | None = None
    kinds = first = 0
    for piece in text.split(" "):
        for known, begins in pieces[piece]:
            if begun and known.key in begun:
                joined.append((len(words) - 1, begun[known.key]))
            begun = begins
            bits = known.bits
            words.append(Word(known.text, known.key, first + known.start, first + known.end, known.senses, bits))
            kinds |= bits
        first += len(piece) + 1
    said = _with_phrases(words, joined, text) if joined else words
    return tuple(_with_persons(said) if kinds & PERSON or len(said) < len(words) else said)


def may_hold(text: str, kinds: int) -> bool:
    """Whether a text, read as talk, has a word of these kinds, or a phrase that may be of them."""
    begun: Begun | None = None
    for piece in text.split(" "):
        for known, begins in _talk[piece]:
            if known.bits & kinds or (begun and known.key in begun):
                return True
            begun = begins
    return False


def _with_persons(words: list[Word]) -> list[Word]:
    """Read "bhai" and "sir ji" as whom a task is about where a postposition follows: nobody addresses "bhai ko"."""
    for at in [at for at, word in enumerate(words[:-1]) if word.bits & PERSON]:
        last = at + (words[at + 1].key in HONOURS and at + 2 < len(words))
        behind = words[last + 1].senses
        if behind.get("post") in OF_PERSONS or "ergative" in behind:
            words[at : last + 1] = [word.unsaid() for word in words[at : last + 1]]
    return words


def _read(piece: str, pieces: Kept[list[Known]], lexicon: Lexicon) -> list[Known]:
    if piece.isalpha() or piece.isdecimal() or (raws := split_words(piece)) == [piece]:
        return [_look_up(piece, lexicon)]
    read: list[Known] = []
    end = 0
    for raw in raws:
        known, begun = pieces[raw][0]
        begin = piece.find(raw, end)
        end = begin + len(raw)
        read.append((Word(raw, known.key, begin, end, known.senses, known.bits), begun))
    return read


_commands: Kept[list[Known]] = Kept(lambda piece: _read(piece, _commands, command_lexicon()))
_talk: Kept[list[Known]] = Kept(lambda piece: _read(piece, _talk, talk_lexicon()))


def _look_up(raw: str, lexicon: Lexicon) -> Known:
    key, bits = raw, 0
    senses: Senses = {}
    if len(raw) > WORD_MAX:
        key = raw.lower()
    elif raw.isdecimal():
        if len(raw) <= DIGITS:
            senses, bits = {"number": int(raw), "digits": True}, NUMERAL
    else:
        bare = raw.removesuffix("'s").removesuffix("’s")
        senses = lexicon.senses(raw) or (lexicon.senses(bare) if bare != raw else {})
        key = raw.lower() if raw.lower() in lexicon.plain else key_of(raw)
        bits = bits_of(*senses) | (0 if key[0].isalnum() else SIGN)
    return Word(raw, key, 0, len(raw), senses, bits), lexicon.phrases.get(key)


def _with_phrases(words: list[Word], begun: list[tuple[int, Phrases]], text: str) -> list[Word]:
    joined: list[Word] = []
    done = 0
    for at, phrases in begun:
        if at >= done and (phrase := _longest(words, at, phrases, text)):
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
