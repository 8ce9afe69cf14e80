"""Renaming: which words are the old name and which the new one."""

from domain.urdu.heads import Head
from domain.urdu.naming import find_title
from domain.urdu.scene import Clause
from domain.urdu.words import Span


def find_names(clause: Clause, head: Head | None) -> tuple[Span | None, Span] | None:
    """The old and the new name of "X ka naam Y rakh do" or "rename X to Y"; None when nothing is renamed."""
    if head is None:
        return None
    return _named(clause, head) or _replaced(clause, head) or _renamed(clause, head)


def _named(clause: Clause, head: Head) -> tuple[Span | None, Span] | None:
    """As in "X ka naam [badal kar] Y rakh do", "change the name of X to Y"."""
    at = clause.place("naam")
    if at is None and not clause.phrases:
        at = clause.place("instead")
    if at is None or head.english or not at < head.first:
        return None
    begin = at + 1
    while begin < head.first and clause.words[begin].means("update", "light", "post"):
        begin += 1
    last = max((h.first for h in clause.heads), default=clause.after)
    new = _span(clause, begin, head.first) or _span(clause, head.after, last)
    return (_span(clause, clause.first, at), new) if new else None


def _replaced(clause: Clause, head: Head) -> tuple[Span | None, Span] | None:
    """As in "X ko Y se badal do"."""
    at = next((n for n in range(clause.first, head.first) if clause.post(n) == "ko"), None)
    last = clause.post(head.first - 1) if head.first > clause.first else None
    if at is None or last != "from" or clause.phrases or head.kind != "update":
        return None
    new = _span(clause, at + 1, head.first - 1)
    return (_span(clause, clause.first, at), new) if new else None


def _renamed(clause: Clause, head: Head) -> tuple[Span | None, Span] | None:
    """As in "rename X to Y", "change X to Y" where Y is no date."""
    wholly = clause.words[head.first].key == "rename"
    if not head.english or ((clause.phrases or clause.has("priority")) and not wholly):
        return None
    for at in range(clause.after - 2, head.after, -1):
        if clause.words[at].key in ("to", "as", "with") and head.kind == "update":
            new = (at + 1, clause.after) if wholly else _span(clause, at + 1, clause.after)
            old = _span(clause, head.after, at)
            return (old, new) if new else None
    return None


def _span(clause: Clause, first: int, after: int) -> Span | None:
    part = Clause(clause.words, first, after, [], [], clause.kinds, clause.dated)
    return find_title(part, None, "update") if first < after else None
