"""Which claims of a reply no tool of the turn bears out."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from rapidfuzz import fuzz

from domain.claims.patterns import patterns
from domain.claims.reading import Claim, claims_in
from domain.claims.sentences import WORD
from domain.conversations import ToolCall
from domain.urdu.spelling import fold_text

NEAR = 84
NEAR_WORD = 80
TELLING_LETTERS = 3
ROOT_LETTERS = 5
UNDONE = {"restored": "add", "removed": "delete", "reverted": "update"}
DOUBLED = re.compile(r"(.)\1+")
URDU = re.compile("[\u0620-\u06ff]")


class Done(Struct, frozen=True):
    """One task as a tool left it or showed it: what may be claimed of it, and every word that may name it."""

    operations: frozenset[str]
    task: int | None
    title: str
    words: tuple[str, ...]


def unfounded(text: str, calls: Sequence[ToolCall]) -> tuple[Claim, ...]:
    """The claims in the text that no successful call of this turn made. Calls that failed found nothing."""
    return unfounded_among(claims_in(text), calls)


def unfounded_among(claims: Sequence[Claim], calls: Sequence[ToolCall]) -> tuple[Claim, ...]:
    """Those of the claims that no successful call made."""
    if not claims:
        return ()
    results = [(call, _decoded(call.result)) for call in calls if call.error is None and call.result is not None]
    done = [task for call, result in results for task in _done(call, result)]
    seen = [task for call, result in results for task in _seen(call, result)]
    return tuple(claim for claim in claims if not _founded(claim, done, seen))


def _founded(claim: Claim, done: list[Done], seen: list[Done]) -> bool:
    fitting = [task for task in done if _fits(claim, task)]
    if claim.operation == "complete" and (claim.state or claim.title):
        fitting += [task for task in seen if "complete" in task.operations]
    if claim.title is not None:
        enough = len({task.task for task in fitting}) >= claim.nth
        return enough and bool(_named(claim, claim.title, fitting, seen))
    return len({task.task for task in fitting}) >= claim.count


def _fits(claim: Claim, task: Done) -> bool:
    """Whether the tool's change is the claimed one; a field that was set may be called added, removed or completed."""
    if claim.operation == "any" or claim.operation in task.operations:
        return True
    if "update" in task.operations:
        return claim.operation in ("add", "delete", "undo") and _mentions(claim.sentence, "field")
    return claim.operation == "update" and "complete" in task.operations and _mentions(claim.sentence, "complete")


def _mentions(sentence: str, kind: str) -> bool:
    return any(patterns().has(patterns().letter(word), kind) for word in re.findall(WORD, sentence))


# ---------------------------------------------------------------------------------------------- what the tools did
def _decoded(result: msgspec.Raw) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(result)
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _done(call: ToolCall, result: dict[str, Any]) -> Iterator[Done]:
    if call.name == "undo":
        for task in _tasks(result):
            yield _task(task, {"undo", UNDONE.get(str(task.get("status")), "undo")}, ())
        return
    operation = CHANGES.get(call.name)
    if operation is None:
        return
    operations = {operation}
    arguments = _decoded(call.arguments)
    if operation == "update" and (result.get("done") is True or arguments.get("status") == "completed"):
        operations.add("complete")
    if operation == "update" and arguments.get("status") == "pending":
        operations.add("undo")
    if operation == "complete" and result.get("done") is False:
        operations.add("update")
    yield _task(result, operations, _strings(arguments))


def _seen(call: ToolCall, result: dict[str, Any]) -> Iterator[Done]:
    shown = _tasks(result) if call.name == "list_tasks" else [result] if call.name == "get_task" else []
    for task in shown:
        yield _task(task, {"complete"} if task.get("status") == "completed" else set(), ())


def _tasks(result: dict[str, Any]) -> list[dict[str, Any]]:
    tasks = result.get("tasks")
    return [task for task in tasks if isinstance(task, dict)] if isinstance(tasks, list) else []


def _task(task: dict[str, Any], operations: set[str], also: tuple[str, ...]) -> Done:
    number = task.get("task_id")
    title = str(task.get("title") or "")
    return Done(frozenset(operations), number if isinstance(number, int) else None, title, (*_strings(task), *also))


def _strings(fields: dict[str, Any]) -> tuple[str, ...]:
    values = [value for value in fields.values() if isinstance(value, str) and value]
    return (*values, *(item for value in fields.values() if isinstance(value, list) for item in map(str, value)))


# ------------------------------------------------------------------------------------------------ which task it names
def _named(claim: Claim, title: str, fitting: list[Done], seen: list[Done]) -> list[Done]:
    """The fitting tasks that the title can mean; none if it is exactly the title of another one that was seen."""
    if title.startswith("#") and title[1:].isdecimal():
        return [task for task in fitting if task.task == int(title[1:])]
    folded = fold_text(title)
    exact = [task for task in fitting if fold_text(task.title) == folded]
    if exact:
        return exact
    others = {task.task for task in seen if fold_text(task.title) == folded}
    if others and others.isdisjoint(task.task for task in fitting):
        return []
    alike = _same if claim.quoted else _shares_a_word
    return [task for task in fitting if any(alike(title, words) for words in task.words)]


def _same(title: str, words: str) -> bool:
    """Near in spelling, one a part of the other by whole words, or the same sounds in the other script."""
    one, other = fold_text(title), fold_text(words)
    if not one or not other:
        return not one
    if fuzz.ratio(one, other) >= NEAR:
        return True
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    if shorter <= longer and any(len(word) >= TELLING_LETTERS for word in shorter):
        return True
    return _other_script(title, words) and fuzz.ratio(_sounds(one), _sounds(other)) >= NEAR_WORD


def _shares_a_word(title: str, words: str) -> bool:
    if _other_script(title, words):
        return True
    ours, theirs = fold_text(title).split(), fold_text(words).split()
    return any(_alike(one, other) for one in ours for other in theirs)


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= NEAR_WORD or (
        len(one) >= ROOT_LETTERS and one[:ROOT_LETTERS] == other[:ROOT_LETTERS]
    )


def _other_script(one: str, other: str) -> bool:
    return bool(URDU.search(one)) != bool(URDU.search(other))


def _sounds(folded: str) -> str:
    return DOUBLED.sub(r"\1", "".join(patterns().sounds.get(letter, "") for letter in folded))


CHANGES = {"add_task": "add", "complete_task": "complete", "delete_task": "delete", "update_task": "update"}
