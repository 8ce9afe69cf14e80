"""Which dates of a clause set a due, and which only say which task is meant."""

from itertools import islice, pairwise

from msgspec.structs import replace

from domain.urdu.hours import WAKING
from domain.urdu.scene import NOT, Clause
from domain.urdu.when import Phrase, dated_words
from domain.urdu.words import Span, Words

Phrases = list[Phrase]
# To read a message anew at each "to" costs as much as it is long.
TURNS_MAX = 4
# "Not tomorrow" and "kal nahi"; between the dates nothing stands but these and what turns from one to the other.
TURNS = (
    ",", "،", "balke", "balkeh", "bulke", "بلکہ", "but", "rather", "instead", "the", "on", "to", "at", "sirf", "bas",
)  # fmt: skip


def find_refused(words: Words, phrases: Phrases) -> list[Span]:
    """The ranges of dates refused before another one; a message of dates alone is a correction as it stands."""
    found: list[Span] = []
    for left, right in pairwise(phrases):
        first, between = left.first, words[left.after : right.first]
        if all(word.key in TURNS or "negation" in word.senses for word in between):
            leads = first > 0 and words[first - 1].key in NOT
            if leads or any("negation" in word.senses and word.key not in NOT for word in between):
                found.append((first - leads, right.first))
    hours = [phrase.first for phrase in phrases if phrase.when.clock and phrase.first > 1]
    numbers = [at - 2 for at in hours if "negation" in words[at - 1].senses and "digits" in words[at - 2].senses]
    found += [(at, at + 2) for at in numbers if not any(first <= at < after for first, after in found)]
    dated = {at for phrase in phrases for at in range(phrase.first, phrase.after)}
    dated |= {at for first, after in found for at in range(first, after)}
    says = any(w.key[0].isalnum() and "polite" not in w.senses for at, w in enumerate(words) if at not in dated)
    return found if says else []


def told_apart(clause: Clause, operation: str) -> tuple[Phrases, Phrases]:
    """The phrases that set, and those that filter: "kal ki meeting" names, "parson pe kar do" sets."""
    phrases = clause.phrases
    if operation != "update":
        return (phrases, []) if operation == "add" else ([], phrases)
    if apart := _instead(clause) if clause.has("instead") else _turned(clause):
        return apart
    left = _left(phrases)
    old = left or [p for p in phrases[:-1] if _names(clause, p)]
    new = [p for p in phrases if p not in old]
    if _names(clause, phrases[-1]) and len(phrases) == 1:
        return [], phrases
    if left and left[0].when.dated() and not new[-1].when.dated():
        return [_in_its_half(new[-1], left[0]), *old], old
    if new and not left and not any(p.when.dated() or p.when.rule for p in new) and any(p.when.clock for p in new):
        return [*new, *old], old
    return new, old


def _turned(clause: Clause) -> tuple[Phrases, Phrases] | None:
    """The new and the old of "tomorrow's tasks to Monday"."""
    turns = (at for at in range(clause.first + 1, clause.after) if clause.words[at].key == "to")
    for at in islice(turns, TURNS_MAX):
        old, new = _between(clause, clause.first, at), _between(clause, at + 1, clause.after)
        if old and new and new[0].first == at + 1 and all(p.when.dated() for p in (*old, new[0])):
            return new, old
    return None


def _between(clause: Clause, first: int, after: int) -> Phrases:
    phrases, _ = dated_words(clause.words[first:after])
    return [replace(p, first=p.first + first, after=p.after + first) for p in phrases]


def _left(phrases: Phrases) -> Phrases:
    """The old of "kal se parson kar do", "kal 5 baje se 7 baje kar do"."""
    said = phrases[-1].when
    hour = said.clock is not None and not said.dated()
    behind = [p for p in phrases[:-1] if p.when.bound == "from"]
    return [p for p in behind if p.when.dated() == said.dated() or (hour and p.when.clock)]


def _in_its_half(new: Phrase, old: Phrase) -> Phrase:
    """Of "5 baje se 7 baje" both are in the evening: nobody moves a thing from there to the morning unsaid."""
    early = bool(old.when.clock and new.when.clock and old.when.clock[0] < WAKING <= new.when.clock[0])
    said = new.when.meridiem or new.when.part or old.when.meridiem or old.when.part
    return replace(new, when=replace(new.when, meridiem="pm")) if early and not said else new


def _names(clause: Clause, phrase: Phrase) -> bool:
    """Whether the phrase is tied to the noun behind it: "kal ki meeting", "jumme wala task"; not "kal ki kar do"."""
    at = phrase.after
    if at >= clause.after or phrase.first > clause.first + 3:
        return False
    senses = clause.senses(at)
    owns = senses.get("post") == "of" and all(head.first != at + 1 for head in clause.heads)
    return owns or "wala" in senses


def _instead(clause: Clause) -> tuple[Phrases, Phrases]:
    """The Urdu "A ke bajaye B" names the old date first, the English "B instead of A" last."""
    at = clause.place("instead") or 0
    before = [p for p in clause.phrases if p.after <= at]
    behind = [p for p in clause.phrases if p.first > at]
    if not behind:
        return before, []
    if clause.words[at].key.startswith(("instead", "rather")):
        return before or behind, behind if before else []
    return behind, before
