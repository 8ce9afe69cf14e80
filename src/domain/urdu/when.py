"""Where a message speaks of time: its date phrases, and what each says, not yet counted from a now."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from domain.urdu.clock import bare_hour, clock, moment, part
from domain.urdu.cursor import Cursor, When
from domain.urdu.days import calendar_date, day, day_of_month, hijri, month, tonight, weekday
from domain.urdu.hours import WAKING
from domain.urdu.spans import bare_unit, end, every, length, measure, often, soon, span
from domain.urdu.words import SIGN, Words, bits_of

Reader = Callable[[Cursor, int], int]
GLUE = ("ko", "of", "on", "in", "from", "until", "liye")
GLUE_MAX = 3
GLUING = bits_of("post and") | SIGN
CLOSING = bits_of("post before after")
ENDING, LEADING = SIGN | bits_of("polite"), SIGN | bits_of("polite and i need lead")
BOUNDS = {"by": "until", "until": "until", "till": "until", "before": "before", "after": "after", "from": "from"}
KAR = ("kar", "ke", "kr", "kay", "کر", "کے")
ZONES = ("hi", "hee", "ہی", "o'clock", "sharp", "est", "pst", "pkt", "gmt", "utc")
BEFORE_HOURS = ("at", "by", "around", "until", "till", "before", "after", "from", "to")
ASK_HOURS = ("at", "by", "around", "until", "till")
MOVES = frozenset(("move", "push", "shift", "reschedule", "postpone", "delay", "bump"))
OVER_PREFIX = ("by", "until", "before", "till", "from", "for")


class Phrase(Struct):
    """One date phrase: the words `first` to before `after`, and what they say."""

    first: int
    after: int
    when: When


def find_phrases(words: Words) -> list[Phrase]:
    """The date phrases of a message, in order."""
    phrases: list[Phrase] = []
    read = 0
    for at, word in enumerate(words):
        if word.bits & BEGIN and at >= read and (word.bits & SURE or _is_followed(words, at)):
            phrase = _phrase(words, at)
            if phrase:
                phrases.append(phrase)
                read = phrase.after
    return phrases


def _is_followed(words: Words, at: int) -> bool:
    """Whether a date may begin with this word, which only leads to what stands behind it: "at", "the", "next", "5"."""
    if at + 1 == len(words):
        return False
    following = words[at + 1]
    if following.bits & BEGIN:
        return True
    text = following.text.lower()
    return text in FOLLOWING or bool(words[at].bits & NUMBER and (following.bits or not text.isalpha() or text in "ap"))


def dated_words(words: Words) -> tuple[list[Phrase], list[bool]]:
    """The date phrases of a message, and of each word whether it lies in one."""
    phrases = find_phrases(words)
    dated = [False] * len(words)
    for phrase in phrases:
        dated[phrase.first : phrase.after] = [True] * (phrase.after - phrase.first)
    return phrases, dated


def _phrase(words: Words, first: int) -> Phrase | None:
    cursor = Cursor(words, When())
    at = unit(cursor, first)
    if at == first:
        return None
    while True:
        glued = glue(cursor, at)
        if cursor.when.clock and cursor.post(at) == "from" and _moves_to(words, glued):
            return Phrase(first, tail(cursor, at), cursor.when)
        if cursor.when.bound == "from" and cursor.key(at) == "to" and _is_moved(cursor, at + 1):
            return Phrase(first, at, cursor.when)
        again = _another_hour(cursor, at, glued)
        if again != at:
            at = again
            continue
        following = unit(cursor, glued, inside=True)
        if following == glued:
            return Phrase(first, tail(cursor, at), cursor.when)
        at = following


def _another_hour(cursor: Cursor, at: int, glued: int) -> int:
    """Past one more hour of the same thing: "roz 2 baje aur 8 baje"."""
    when = cursor.when
    if when.clock is None or not (cursor.has(at, "and") or cursor.key(at) in ",،"):
        return at
    other = Cursor(cursor.words, When())
    after = unit(other, glued)
    hour = other.when.clock
    if hour is None or other.when.dated() or other.when.rule or cursor.has(after, "between"):
        return at
    early = when.clock[0] < WAKING <= hour[0] and not (when.part or when.meridiem)
    other.when.meridiem = other.when.meridiem or ("pm" if early and not other.when.part else "")
    when.again += (other.when,)
    return after


def _moves_to(words: Words, at: int) -> bool:
    """As in "5 baje se 7 baje kar do", "5 bje se 7 bje par": from one hour to another."""
    cursor = Cursor(words, When())
    after = clock(cursor, at)
    return after != at and (cursor.has(after, "light") or cursor.post(after) in ("on", "ko"))


def glue(cursor: Cursor, at: int) -> int:
    """Past the small words that join two units of one phrase."""
    begun = at
    while at < cursor.stop and at - begun < GLUE_MAX and cursor.words[at].bits & GLUING:
        post = cursor.post(at)
        if post not in GLUE and cursor.key(at) not in ",،-" and not (cursor.has(at, "and") and at == begun):
            break
        if post in ("from", "until"):
            cursor.when.bound = cursor.when.bound or post
        at += 1
    return at


def tail(cursor: Cursor, at: int) -> int:
    """Past the postpositions that close a phrase ("ko", "tak", "se pehle")."""
    at += cursor.key(at) in ZONES
    if at >= cursor.stop or not cursor.words[at].bits & CLOSING:
        return at
    if cursor.post(at) == "from" and cursor.has(at + 1, "starts") and cursor.has(at + 3, "wala"):
        return at + 4
    if cursor.post(at) == "from" and _takes_off(cursor, at + 1):
        cursor.when.bound = "from"
        return at + 3
    se = cursor.post(at) in ("from", "of")
    for bound in ("before", "after"):
        inner = at + se if bound == "before" else at
        if cursor.has(inner, bound) and not cursor.has(inner, "ordinal") and not cursor.has(inner, "soon"):
            if bound == "before" and cursor.when.ahead is not None:
                continue
            cursor.when.bound = bound
            return inner + 1
    if cursor.post(at) in ("ko", "on", "until", "from"):
        cursor.when.bound = cursor.when.bound or (cursor.post(at) if cursor.post(at) in ("until", "from") else "")
        return at + 1
    return at


def _takes_off(cursor: Cursor, at: int) -> bool:
    """As in "kal se hata kar", "jumme se badal ke": what follows says whereto."""
    senses = cursor.words[at].senses if at + 1 < cursor.stop else {}
    return "stem" in (senses.get("delete"), senses.get("update")) and cursor.key(at + 1) in KAR


def unit(cursor: Cursor, at: int, inside: bool = False) -> int:
    """One unit: a day, an hour, a span, a repetition. `inside`: a phrase has begun, so a bare number is an hour."""
    if at >= cursor.stop:
        return at
    word = cursor.words[at]
    for read in _readers(word.bits & BEGIN):
        if (after := read(cursor, at)) != at:
            return after
    return bare_hour(cursor, at) if inside and "digits" in word.senses else at


@lru_cache(maxsize=256)
def _readers(kinds: int) -> Sequence[Reader]:
    return tuple([reader for kind, reader in READERS.items() if kinds & bits_of(kind)])


def prefixed(cursor: Cursor, at: int) -> int:
    """The unit with its English preposition before it: "at 5", "in two hours", "by Friday"."""
    if cursor.has(at, "unit"):
        return at
    key, inner = cursor.key(at), at + 1
    while cursor.key(inner) in ("the", "around", "about"):
        inner += 1
    if key in ("in", "within") and (measured := measure(cursor, inner)):
        cursor.when.shift = measured[:2]
        return measured[2]
    if key == "by" and (measured := measure(cursor, inner)):
        cursor.when.vague = True
        cursor.when.moved = None if any(cursor.has(n, "nearer") for n in range(at)) else measured[:2]
        return measured[2]
    if inner >= cursor.stop or not cursor.words[inner].bits & BEGIN:
        return at
    after = _at_hour(cursor, key, inner)
    bare = cursor.has(inner, "unit") and not cursor.has(inner, "often")
    # One may stand before another ("by in two days"), and no third before them: "by the by the by the ...".
    over = key in OVER_PREFIX and cursor.key(inner) not in OVER_PREFIX
    if after == inner and not bare and (over or not cursor.has(inner, "prefix")):
        after = unit(cursor, inner)
    if after == inner:
        return at
    cursor.when.bound = BOUNDS.get(key, cursor.when.bound)
    return after


def _at_hour(cursor: Cursor, key: str, at: int) -> int:
    """As in "at five", "by 6", "from 9 am": here a number is an hour."""
    if key not in BEFORE_HOURS or cursor.number(at) is None:
        return at
    after = clock(cursor, at)
    if after != at:
        return after
    asks = _is_moved(cursor, at) if key == "to" else key in ASK_HOURS or cursor.has(at, "digits")
    return bare_hour(cursor, at) if asks else at


def _is_moved(cursor: Cursor, at: int) -> bool:
    """Whether a number ends what is moved to it: "push the meeting to 5", or "to 5" by itself."""
    if not all(cursor.words[n].bits & ENDING for n in range(at + 1, cursor.stop)):
        return False
    led = [cursor.key(n) for n in range(at) if not n or cursor.words[n - 1].bits & LEADING]
    return led == ["to"] or not MOVES.isdisjoint(led)


def count(cursor: Cursor, at: int) -> int:
    """What begins with a number: an hour, a date, a length of time."""
    if _counts_nothing(cursor, at):
        return at
    for read in (clock, _first_hour, calendar_date, length, day_of_month):
        after = read(cursor, at)
        if after != at:
            return after
    return at


def _counts_nothing(cursor: Cursor, at: int) -> bool:
    """Whether nothing, or a word that no date knows, follows a plain number."""
    if cursor.has(at, "fraction"):
        return False
    behind = cursor.words[at + 1] if at + 1 < cursor.stop else None
    return behind is None or (not behind.senses and behind.text.isalpha() and behind.text.lower() not in ("a", "p"))


def _first_hour(cursor: Cursor, at: int) -> int:
    """The hour that stands without its word before another one: "3 se 4 baje"."""
    if cursor.post(at + 1) != "from" or not cursor.has(at, "digits") or cursor.number(at + 2) is None:
        return at
    return bare_hour(cursor, at) if clock(Cursor(cursor.words, When()), at + 2) != at + 2 else at


# Of several that a word can mean the first that reads it is meant.
READERS: dict[str, Reader] = {
    "prefix": prefixed,
    "every": every,
    "often": often,
    "next": span,
    "this": span,
    "day": day,
    "last": span,
    "tonight": tonight,
    "part": part,
    "moment": moment,
    "article": length,
    "number": count,
    "fraction": count,
    "weekday": weekday,
    "month": month,
    "unit": bare_unit,
    "ends": end,
    "soon": soon,
    "hijri": hijri,
}
BEGIN, NUMBER = bits_of(*READERS), bits_of("number")
# The others are no date without the word behind them.
SURE = BEGIN & ~bits_of("prefix next this last article number")
FOLLOWING = frozenset(("the", "around", "about", "few", "chand", "kuch"))
