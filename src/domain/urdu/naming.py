"""The title: the span of a clause that names its task, without date, person, tool words and politeness."""

from collections.abc import Sequence

from domain.urdu.heads import Head
from domain.urdu.scene import Clause
from domain.urdu.words import Word

Span = tuple[int, int]
LEFT_KINDS = frozenset("me my i polite article that need aux post".split())
LEFT_KEYS = frozenset(
    "aap ap tum kya kyaa kia to for about that is with on of se ko ka ki ke par pe as it's called titled named want "
    "wants can you could would will like s toh isliye so no item".split()
)
RIGHT_KINDS = frozenset("post me my polite article wala that aux need and all past fresh".split())
RIGHT_KEYS = frozenset(
    "s ek liye to jo toh aap ap kya kyaa isliye so alarm alert notification send bhejo bheje bhejen".split()
)


def find_title(clause: Clause, head: Head | None, operation: str, drop: Sequence[Span] = ()) -> Span | None:
    """The words that name the task, as a half-open range; None when nothing does."""
    cut = _cuts(clause, head, drop)
    pieces = [piece for piece in (_trimmed(clause, span, operation) for span in cut) if piece]
    if not pieces:
        return None
    if operation == "add":
        return _of_add(clause, head, pieces)
    named = [p for p in pieces if _weight(clause, p)]
    return (named or pieces)[0]


def _cuts(clause: Clause, head: Head | None, drop: Sequence[Span]) -> list[Span]:
    """What is left of the clause around the verb and around words for a task."""
    out = set()
    for first, after in [*drop, *([(head.first, head.after)] if head else [])]:
        out.update(range(first, after))
    spans, begun = [], None
    for at in range(clause.first, clause.after + 1):
        gone = at == clause.after or at in out or _is_task_word(clause, at, out)
        if gone and begun is not None:
            spans.append((begun, at))
            begun = None
        elif not gone and begun is None:
            begun = at
    return spans


def _is_task_word(clause: Clause, at: int, out: set[int]) -> bool:
    word = clause.words[at]
    kind = word.senses.get("task")
    if kind == "task":
        return True
    before = clause.words[at - 1].senses if at > clause.first else {}
    following = clause.words[at + 1] if at + 1 < clause.after else None
    closes = (
        following is None or at + 1 in out or following.senses.get("post") in ("ko", "in") or "aux" in following.senses
    )
    if kind == "list":
        return closes and (not before or bool({"my", "task", "article", "post", "wala"} & before.keys()))
    if kind == "work":
        return closes and (
            not before or bool({"my", "wala", "all", "article", "ordinal"} & before.keys()) or clause.dated[at - 1]
        )
    if kind == "alert":
        return closes and clause.words[at - 1].key in ("ke", "ka", "ki") if at > clause.first else False
    return False


def _trimmed(clause: Clause, span: Span, operation: str) -> Span | None:
    first, after = span
    words, dated = clause.words, clause.dated
    moved = True
    while moved and first < after:
        moved = False
        while first < after and (dated[first] or _droppable(words[first], LEFT_KINDS, LEFT_KEYS)):
            first, moved = first + 1, True
        while first < after and (dated[after - 1] or _droppable(words[after - 1], RIGHT_KINDS, RIGHT_KEYS)):
            after, moved = after - 1, True
    return (first, after) if first < after else None


def _droppable(word: Word, kinds: frozenset[str], keys: frozenset[str]) -> bool:
    return word.key in keys or not kinds.isdisjoint(word.senses) or not word.key[0].isalnum()


def _weight(clause: Clause, span: Span) -> int:
    """How many words of the span are content."""
    return sum(w.key[0].isalnum() and "light" not in w.senses for w in clause.words[span[0] : span[1]])


def _of_add(clause: Clause, head: Head | None, pieces: list[Span]) -> Span:
    """Of several pieces: what follows the verb as its object, else what stands before it."""
    if head is None:
        return max(pieces, key=lambda p: _weight(clause, p))
    before = [p for p in pieces if p[1] <= head.first]
    behind = [p for p in pieces if p[0] >= head.after]
    if behind and (not before or head.english or _object_follows(clause, head)):
        return behind[0]
    if not before:
        return pieces[0]
    best = _without_person(
        clause,
        head,
        before[-1]
        if len(before) > 1 and _infinitive(clause, before[-1])
        else max(before, key=lambda p: _weight(clause, p)),
    )
    return best


def _infinitive(clause: Clause, span: Span) -> bool:
    return any(w.key.endswith(("na", "ne", "ni", "نا", "نے", "نی")) for w in clause.words[span[0] : span[1]])


def _object_follows(clause: Clause, head: Head) -> bool:
    """Whether the verb is followed by "that", "to" or a colon."""
    at = head.after
    while at < clause.after and (clause.dated[at] or not {"me", "task", "article"}.isdisjoint(clause.words[at].senses)):
        at += 1
    if at >= clause.after:
        return False
    word = clause.words[at]
    return word.key in ("ki", "ke", "k", "that", "to", "کہ", ":", "-", "jo")


def _without_person(clause: Clause, head: Head, span: Span) -> Span:
    """ "mom ko ... yaad dila": whoever is to be reminded is not the task."""
    if head.kind != "remind" or clause.has("me"):
        return span
    first, after = span
    for at in range(first + 1, min(first + 4, after - 1)):
        if clause.words[at].senses.get("post") == "ko":
            rest = _trimmed(clause, (at + 1, after), "add")
            return rest or span
    return span
