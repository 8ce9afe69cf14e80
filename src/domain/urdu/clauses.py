"""Cutting a message where one command ends and the next begins."""

from collections.abc import Sequence

from domain.urdu.heads import Head, find_heads
from domain.urdu.scene import SMALL, Said, is_infinitive
from domain.urdu.words import SIGN, Span, Word, Words, bits_of

STOPS = frozenset(".?!;\n؟۔؛")
JOINS = frozenset(",،")
JOINING = SIGN | bits_of("and")
COMMANDS = ("add", "delete", "complete", "update", "list", "remind", "mark", "undo")
NAMELESS = SMALL | bits_of(*COMMANDS)
# Of these verbs one may stand at the end of several things that are needed.
NEEDS = ("add", "remind", "did")
LEADING = SIGN | bits_of("polite i need must and lead")
TIMES = bits_of("day weekday month date tonight oclock am pm part moment")
REACH = 8
ACTING = ("command", "request", "need", "wish", "done", "bare")


def find_clauses(said: Said) -> list[Span]:
    """The clauses of a message as half-open ranges of words."""
    if not said.kinds & JOINING and "\n" not in said.text:
        return [(0, len(said.words))] if said.words else []
    clauses: list[Span] = []
    for first, after in _sentences(said.words, said.text, said.dated):
        clauses += _commands(said.words, first, after, said.dated)
    return clauses


def _sentences(words: Words, text: str, dated: Sequence[bool]) -> list[Span]:
    found, first, lines = [], 0, "\n" in text
    for at, word in enumerate(words):
        ends = word.key in STOPS and not dated[at] and (word.key != "." or _ends(words, at, text))
        if not (ends or lines):
            continue
        broken = at > first and "\n" in text[words[at - 1].end : word.start]
        if broken:
            found.append((first, at))
            first = at
        if ends:
            if at > first:
                found.append((first, at))
            first = at + 1
    if first < len(words):
        found.append((first, len(words)))
    return found


def _ends(words: Words, at: int, text: str) -> bool:
    """Whether a full stop ends a sentence: not within "9.30", "p.m" or "D . I . Y"."""
    if at + 1 >= len(words):
        return True
    lone = at > 0 and len(words[at - 1].text) == 1
    return not lone and text[words[at].end : words[at].end + 1].isspace()


def _commands(words: Words, first: int, after: int, dated: Sequence[bool]) -> list[Span]:
    """Cut at "aur", "phir", "," and "and" where a whole command stands on both sides."""
    joints = [at for at in range(first + 1, after - 1) if words[at].bits & JOINING and not dated[at]]
    joints = [at for at in joints if _joins(words[at])] if joints else []
    if not joints:
        return [(first, after)]
    heads = [h for h in find_heads(words, first, after, dated) if h.mood in ACTING]
    last = max((h.first for h in heads if h.kind != "did"), default=-1)
    lasts = {h.mood: h.first for h in heads if h.mood in ("done", "command")}
    cuts, begun, read = [], first, 0
    left: Head | None = None
    for at in joints:
        if at < begun:
            continue
        new = _new_need(words, begun, at, after, dated) or _two_needs(words, begun, at, after, dated)
        new = new or _two_errands(words, begun, at, after)
        if new and all(h.kind in NEEDS for h in heads):
            cuts.append((begun, at))
            begun = at + 1 + ("and" in words[at + 1].senses)
            continue
        while read < len(heads) and heads[read].first < at:
            left, read = (heads[read] if heads[read].mood != "wish" or heads[read].kind == "remind" else left), read + 1
        if left is None or left.first < begun:
            continue
        # "Ali ko contact karo aur unhe inform karo" speaks of no task.
        moved = left.first > begun and dated[left.first - 1]
        ours = moved or left.mood == "done" or any("wala" in word.senses for word in words[begun:at])
        follows = last > at or (ours and lasts.get(left.mood, -1) > at)
        closed = left.after >= at - 1 and not left.english and follows
        if closed or (left.english and _leads(words, left, at, after)):
            cuts.append((begun, at))
            begun = at + 1
            if left.english:
                left = _leading(words, begun)
    return [*cuts, (begun, after)]


def _new_need(words: Words, begun: int, at: int, after: int, dated: Sequence[bool]) -> bool:
    """Whether a thing with a day or an hour of its own stands on both sides: "kal doodh, parson gosht"."""
    if not dated[at + 1]:
        return False
    begin = next((n for n in range(at - 1, begun, -1) if _joins(words[n]) and not dated[n]), begun)
    end = next((n for n in range(at + 1, after) if _joins(words[n]) and not dated[n]), after)
    return _dated_thing(words, begin, at, dated) and _dated_thing(words, at + 1, end, dated)


def _two_needs(words: Words, begun: int, at: int, after: int, dated: Sequence[bool]) -> bool:
    """Whether a need ends here, or its day, and another follows: "doodh lana hai kal, bill bharna hai jumme ko"."""
    last = next((n for n in range(at - 1, begun, -1) if not dated[n]), begun)
    ends = not _asked(words, after) and _needed(words, last, begun)
    return ends and any(_needed(words, n, at + 1) for n in range(at + 2, after))


def _two_errands(words: Words, begun: int, at: int, after: int) -> bool:
    """Whether an English errand stands on both sides: "I need to buy milk, then call mom"."""
    return _is_errand(words, at + 1, after) and _is_errand(words, begun, at)


def _is_errand(words: Words, first: int, after: int) -> bool:
    leads = (word for word in words[first : min(after, first + REACH)] if not word.bits & LEADING)
    return "errand" in next(leads, words[first]).senses


def _asked(words: Words, after: int) -> bool:
    return after < len(words) and words[after].key in "?؟"


def _needed(words: Words, at: int, begun: int) -> bool:
    return at - 1 > begun and "aux" in words[at].senses and is_infinitive(words[at - 1])


def _dated_thing(words: Words, first: int, after: int, dated: Sequence[bool]) -> bool:
    places = range(first, after)
    timed = any(dated[n] and words[n].bits & TIMES for n in places)
    return timed and any(not (dated[n] or words[n].bits & NAMELESS) for n in places)


def _leads(words: Words, left: Head, at: int, after: int) -> bool:
    """Whether an English command of its own follows a joint: "... and delete gamma"."""
    head = _leading(words, at + 1)
    if head.after > after or not head.kind:
        return False
    first, verb, told = words[left.first], words[head.first], words[left.after : at]
    if verb.means("remind", "mark", "undo"):
        return True
    if any(w.means("task", "pronoun", "ordinal", "status") for w in words[head.first : head.first + REACH]):
        return True
    if not (told and head.after < after and first.means("leads") and verb.means("leads")):
        return False
    # "Should I delete beta and add tea?" asks for advice, "add wash and finish the dishes" is one thing to do.
    if _asked(words, after) or any("foreign" in w.senses for w in told) or any("i" in w.senses for w in words[:at]):
        return False
    return left.kind != "add" or verb.key == first.key or head.first > at + 1


def _leading(words: Words, at: int) -> Head:
    """The English verb that begins a clause, if any."""
    at += "and" in words[at].senses
    senses = words[at].senses if at < len(words) else {}
    kind = next((kind for kind in COMMANDS if senses.get(kind) == "bare"), "")
    return Head(kind, at, at + 1, "command", english=True)


def _joins(word: Word) -> bool:
    return word.key in JOINS or "and" in word.senses
