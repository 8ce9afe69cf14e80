"""How a clause points at tasks without naming them: numbers, positions, pronouns, "all", filters and tags."""

import re

from msgspec import Struct

from domain.tasks import Priority, TaskStatus
from domain.urdu.heads import Head
from domain.urdu.scene import Clause

TAG = re.compile(r"(?<![\w#])#([^\W\d_][\w-]*)")


class Reference(Struct):
    """What was read, and `drop`: the places of the words that said it, which no title holds."""

    task_id: int | None = None
    more: tuple[int, ...] = ()
    ordinal: int | None = None
    pronoun: bool = False
    everything: bool = False
    status: TaskStatus | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    count_only: bool = False
    most_important: bool = False
    drop: tuple[tuple[int, int], ...] = ()


def find_reference(clause: Clause, head: Head | None, operation: str, text: str) -> Reference:
    """Read the references of one clause."""
    found = Reference()
    taken = set(range(head.first, head.after)) if head else set()
    words = clause.words
    for at in range(clause.first, clause.after):
        if at in taken or clause.dated[at]:
            continue
        senses = words[at].senses
        if words[at].key == "#":
            _tag_or_number(clause, at, found)
        elif "number" in senses and operation not in ("add", "list"):
            _number(clause, head, at, found)
        if not senses:
            continue
        if "priority" in senses and "foreign" not in senses:
            _priority(clause, at, found, operation)
        if operation != "add":
            _points(clause, at, found, operation)
        if "count" in senses:
            found.count_only = True
        if "most" in senses:
            found.most_important, found.priority = True, None
            found.drop += ((at, at + 1),)
    return found


def _tag_or_number(clause: Clause, at: int, found: Reference) -> None:
    words = clause.words
    if at + 1 >= clause.after or words[at].end != words[at + 1].start:
        return
    following = words[at + 1]
    if "digits" in following.senses:
        found.task_id = int(following.senses["number"])
    else:
        found.tags += (following.text,)
    found.drop += ((at, at + 2),)


def _number(clause: Clause, head: Head | None, at: int, found: Reference) -> None:
    """ "task 3", "3 number wala", "task number 3", "3 wala"."""
    words, first, after = clause.words, clause.first, clause.after
    before = words[at - 1] if at > first else None
    behind = words[at + 1] if at + 1 < after else None
    if (before is not None and "numero" in before.senses) or (
        before is not None and before.senses.get("task") == "task"
    ):
        begin = at - 1
        found.task_id, end = int(words[at].senses["number"]), at + 1
    elif behind is not None and (
        "numero" in behind.senses or ("digits" in words[at].senses and "wala" in behind.senses)
    ):
        begin, end = at, at + 2
        found.task_id = int(words[at].senses["number"])
    elif "digits" in words[at].senses and not clause.content(head):
        begin, end = at, at + 1
        found.task_id = found.task_id or int(words[at].senses["number"])
        if found.task_id != words[at].senses["number"]:
            found.more += () if words[at].senses["number"] in found.more else (int(words[at].senses["number"]),)
    else:
        return
    if "light" in words[at].senses and "digits" not in words[at].senses:
        found.task_id = None
        return
    while end < after and (not {"wala", "numero"}.isdisjoint(words[end].senses) or _another(clause, end)):
        if _another(clause, end):
            found.more += (int(words[end + 1].senses["number"]),)
            end += 1
        end += 1
    found.drop += ((begin, end),)


def _another(clause: Clause, at: int) -> bool:
    """ "task 2 aur 3": a joint with one more number behind it."""
    if at + 1 >= clause.after or "digits" not in clause.words[at + 1].senses:
        return False
    return "and" in clause.words[at].senses or clause.words[at].key in ",،"


def _priority(clause: Clause, at: int, found: Reference, operation: str) -> None:
    words = clause.words
    begin, end = at, at + 1
    while end < clause.after and "rank" in words[end].senses:
        end += 1
    while begin > clause.first and ("rank" in words[begin - 1].senses or "as" in words[begin - 1].senses):
        begin -= 1
    edge = operation != "add" or begin == clause.first or end >= clause.after or True
    if edge:
        found.priority = Priority(words[at].senses["priority"])
        found.drop += ((begin, end),)


def _points(clause: Clause, at: int, found: Reference, operation: str) -> None:
    words = clause.words
    senses = words[at].senses
    behind = words[at + 1].senses if at + 1 < clause.after else {}
    done = senses.get("complete") == "bare" and "task" in behind
    if done and operation in ("list", "delete", "update"):
        found.status = TaskStatus.COMPLETED
        found.drop += ((at, at + 1),)
    elif "status" in senses and operation in ("list", "delete", "update", "complete"):
        found.status = TaskStatus(senses["status"])
        found.drop += ((at, at + 1),)
    elif "ordinal" in senses and (
        at + 1 >= clause.after or not {"wala", "task", "post", "delete", "complete", "update"}.isdisjoint(behind)
    ):
        found.ordinal = int(senses["ordinal"])
        found.drop += ((at, at + (2 if "wala" in behind else 1)),)
    elif "pronoun" in senses:
        found.pronoun = found.pronoun or at == clause.first or bool(behind) or True
        if not ("article" in senses and behind and "task" not in behind and "light" not in behind):
            found.drop += ((at, at + 1),)
    elif "all" in senses:
        found.everything = True
