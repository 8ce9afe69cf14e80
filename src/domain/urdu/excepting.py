"""What is left out of all: "bill ke ilawa sab", "jo urgent nahi wo sab", "all not tagged ghar"."""

import re

from msgspec.structs import replace

from domain.urdu.heads import Head
from domain.urdu.naming import find_title
from domain.urdu.scene import ALL_WALE, Clause
from domain.urdu.words import Span, bits_of

RELATIVE = ("jo", "joh", "جو")
NOT = ("not", "isn't", "isnt", "aren't", "arent")
DENIED = re.compile(
    r"^(?:but\s+)?(?:not|isn'?t|aren'?t)\s+(?:the\s+)?|(?:\s+(?:w\w?l\w+|task\w*|kaam|nah\w*|والے|نہیں))+$",
    re.IGNORECASE,
)
FILTERS = bits_of("priority tagged status complete late wala")


def find_excepted(clause: Clause, head: Head | None) -> Span | None:
    """The words that say what is left out: a name, else a day, a number or a kind."""
    at = clause.place("except") or clause.first
    first, after = at + 1, clause.after
    if clause.senses(at).get("except") == "before":
        first, after = clause.first, at
    elif head is not None and head.first > at:
        after = head.first
    named = find_title(replace(clause, first=first, after=after), None, "delete")
    narrows = any(_narrows(clause, n) or "number" in clause.senses(n) for n in range(first, after))
    return named or ((first, after) if narrows else None)


def find_denied(clause: Clause, head: Head | None) -> Span | None:
    """The words of a filter that is denied, with its "not"; of one task none is: "doodh urgent nahi, low kar do"."""
    if not clause.has("negation", "priority"):
        return None
    words, verb = clause.words, range(head.first, head.after) if head else range(0)
    relative = next((n + 1 for n in clause.places() if words[n].key in RELATIVE), None)
    if not (relative or clause.has("all", "plural") or any(w.key in ALL_WALE for w in clause.span())):
        return None
    for at in range(relative or clause.first, clause.after):
        if "priority" in words[at].senses and DENIED.search(words[at].text):
            return at, at + 1
        if "negation" not in words[at].senses or at in verb or at + 1 in verb:
            continue
        first, after = at, at + 1
        if words[at].key in NOT:
            first -= at > clause.first and words[at - 1].key == "but"
            while after < clause.after and after not in verb and "and" not in words[after].senses:
                after += 1
        else:
            begin = relative or clause.first
            while first > begin and first - 1 not in verb and (relative or _belongs(clause, first - 1)):
                first -= 1
        named = words[at].key in NOT and clause.has("all")
        behind = clause.behind(at)
        # "Jo aaj nahi ho sakte" are those of today.
        told = words[at].key not in NOT and behind is not None and "light" in behind.senses
        if told and all(clause.dated[n] or not words[n].bits & FILTERS for n in range(first, at)):
            continue
        if any(_narrows(clause, n) or (named and clause.carries(n)) for n in range(first, after)):
            return first, after
    return None


def without(clause: Clause, span: Span) -> Clause:
    """The clause with the words of this span standing for nothing."""
    words, dated = list(clause.words), list(clause.dated)
    signed = span[0] > clause.first and words[span[0] - 1].key == "#"
    for at in range(span[0] - signed, span[1]):
        words[at], dated[at] = words[at].unsaid(), True
    phrases = [phrase for phrase in clause.phrases if not span[0] <= phrase.first < span[1]]
    return replace(clause, words=words, dated=dated, phrases=phrases)


def affirmed(text: str) -> str:
    """What is left out without its "not" and "wale": of "not tagged ghar" "tagged ghar"."""
    return DENIED.sub("", text).strip()


def _belongs(clause: Clause, at: int) -> bool:
    """Whether a word is of a filter that ends behind it: a name is before "wale" or "tag"."""
    small = clause.words[at].means("rank", "task", "aux")
    return small or _narrows(clause, at) or clause.words[at + 1].means("wala", "tagged")


def _narrows(clause: Clause, at: int) -> bool:
    word = clause.words[at]
    return clause.dated[at] or word.key == "#" or bool(word.bits & FILTERS)
