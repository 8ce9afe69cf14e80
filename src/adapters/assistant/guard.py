"""What a person's own words allow a model to change in one turn; text inside tasks allows nothing.

The message is read by the domain, not by the model. A change that it asks for is made; one that it may mean is asked
about; one that has nothing to do with it is refused. So an instruction hidden in a title moves a model, but no task.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from adapters.assistant.asked import asked_in
from adapters.assistant.recall import last_shown
from domain.conversations import ToolCall, Turn
from domain.matching import is_called
from domain.tasks import Task, TaskStatus
from domain.urdu import ACT, Intent, Operation, fold_text, read_due, read_repeat

ASK_FROM = 3
"""A change of this many tasks in one turn, or more, is asked about first."""
OPERATIONS = {
    "add_task": Operation.ADD,
    "complete_task": Operation.COMPLETE,
    "delete_task": Operation.DELETE,
    "update_task": Operation.UPDATE,
    "undo": Operation.UNDO,
}
TOUCHING = ("complete_task", "delete_task", "update_task")
NUMBER = re.compile(r"\d+")
PLAIN: tuple[object, ...] = ("", [], "normal")
"""Values that a new task has anyway."""

Named = Callable[[str], Awaitable[frozenset[int]]]
"""The numbers of the user's tasks that some words name."""


class Verdict(StrEnum):
    """Whether a change is made, asked about, or refused."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class Change(Struct, frozen=True):
    """A change that a model wants to make: with which tool, of which task, and what it writes into its fields."""

    tool: str
    task: Task | None = None
    fields: dict[str, Any] = {}

    @property
    def operation(self) -> Operation:
        """What it is to the person: to set a task's status to completed is to complete it."""
        if self.tool == "update_task" and self.fields == {"status": TaskStatus.COMPLETED}:
            return Operation.COMPLETE
        return OPERATIONS[self.tool]


class Guard:
    """Judges the changes of one turn, of which `made` grows with those that went well.

    `has_read`: the model has seen text that the person did not write just now.
    """

    def __init__(self, turn: Turn, named: Named, made: Sequence[ToolCall] = ()) -> None:
        self._turn = turn
        self._named = named
        self._made = made
        self._asked = asked_in(turn)
        self._shown = last_shown(turn.history).task_ids
        self._granted: dict[int, int] = {}
        self.has_read = bool(turn.history or turn.correction)

    @property
    def first(self) -> Intent:
        """How the first command of the person's message reads."""
        return self._asked.first

    async def judge(self, change: Change) -> Verdict:
        """Whether the person asked for this change."""
        operation, intents = change.operation, self._asked.intents
        meant = {at: intent for at, intent in enumerate(intents) if operation in (intent.operation, *intent.options)}
        if meant:
            # "Delete kar doon?" asks for advice, and for no deletion.
            sure = any(intent.confidence >= ACT or intent.options for intent in meant.values())
            plainly = operation is Operation.ADD or (sure and operation in self._asked.plainly)
            return Verdict.ALLOW if plainly and await self._is_meant(change, meant) else Verdict.ASK
        if operation is Operation.UPDATE and self._completes_new(change):
            return Verdict.ALLOW
        if operation is Operation.UPDATE and self._may_mean_update(change):
            return Verdict.ASK
        if any(intent.operation is not Operation.NONE or intent.social for intent in intents):
            return Verdict.REFUSE
        return Verdict.ALLOW if operation is Operation.ADD and not self.has_read else Verdict.ASK

    def _completes_new(self, change: Change) -> bool:
        """Whether it only writes what was said of a task that this turn added: "zeta add karo, us ki date kal karo"."""
        is_new = change.task is not None and change.task.id in self._added()
        return is_new and (not self.has_read or self._is_said(change, list(self._asked.intents)))

    def _may_mean_update(self, change: Change) -> bool:
        """Whether the words speak of this task and of some change: "task 2 pe tag laga do" reads like a new task."""
        changing = [intent for intent in self._asked.intents if intent.operation in OPERATIONS.values()]
        if change.task is None or not changing:
            return False
        words, said = set(fold_text(change.task.title).split()), set(fold_text(self._asked.said).split())
        return change.task.id in set.intersection(*map(self._numbers, changing)) or words <= said

    async def _is_meant(self, change: Change, meant: dict[int, Intent]) -> bool:
        if self.has_read and not self._is_said(change, list(meant.values())):
            return False
        if change.task is None:
            return True
        if change.task.id in self._asked.refused:
            return False
        for at in meant:
            if await self._names(at, change.task, change.tool):
                self._granted[at] = change.task.id
                return True
        return False

    def _is_free(self, at: int, task: Task) -> bool:
        """A command names one task, the first that it was used for, unless it says all or all of a kind."""
        intent = self._asked.intents[at]
        several = intent.everything or intent.also or (not intent.title and (intent.during or intent.status))
        return bool(several) or self._granted.get(at, task.id) == task.id

    async def _names(self, at: int, task: Task, tool: str) -> bool:
        """Whether the command at this place of the message means the task, surely enough for this tool."""
        return self._is_free(at, task) and await self._is_among(at, task, tool)

    async def _is_among(self, at: int, task: Task, tool: str) -> bool:
        intent = self._asked.intents[at]
        if intent.task_id is not None:
            return task.id == intent.task_id
        if intent.title:
            named = task.id in await self._named(intent.title)
            return named and _is_sure(task, intent, tool) and _fits(task, intent)
        if intent.ordinal:
            return task.id in [_at(self._shown, place) for place in (intent.ordinal, *intent.also)]
        if intent.pronoun:
            return await self._is_it(at, task, tool)
        if intent.during or intent.status:
            return _fits(task, intent)
        # All of them is more than a model may do unasked.
        return not intent.everything and await self._picks(task, intent)

    async def _is_it(self, at: int, task: Task, tool: str) -> bool:
        """Whether "it" is this task: what the command before in the message came to, else what was shown earlier."""
        operations = [intent.operation for intent in self._asked.intents[:at]]
        before = max((n for n, operation in enumerate(operations) if operation in OPERATIONS.values()), default=None)
        if before is None:
            return task.id in self._shown
        if self._granted.get(before) == task.id:
            return _is_sure(task, self._asked.intents[before], tool)
        if operations[before] is not Operation.ADD:
            return await self._names(before, task, tool)
        adding = [n for n, intent in enumerate(self._asked.intents) if intent.operation is Operation.ADD]
        nth = adding.index(before)
        # What was added beyond the commands belongs to the last: "chai, doodh add karo".
        return task.id in self._added()[nth : None if before == adding[-1] else nth + 1]

    def _added(self) -> list[int]:
        """The tasks that this turn added."""
        calls = [call for call in self._made if call.name == "add_task" and call.result]
        return [msgspec.json.decode(call.result or b"", type=_Added).task_id for call in calls]

    async def _picks(self, task: Task, intent: Intent) -> bool:
        """Whether a command that names no task is completed by a number, or by the words of the answer."""
        if task.id in self._numbers(intent):
            return True
        return bool(self._asked.words) and task.id in await self._named(self._asked.words or "")

    def _numbers(self, intent: Intent) -> set[int]:
        """The numbers a person said, but for those of a date."""
        said = self._asked.said.replace(intent.due_text or "\0", " ")
        return {int(number) for number in NUMBER.findall(fold_text(said))}

    def _is_said(self, change: Change, meant: list[Intent]) -> bool:
        """Whether what is written into the task's fields was said by the person, not found in a text."""
        is_new = change.task is None
        return all(
            (is_new and value in PLAIN) or self._says(name, value, meant) for name, value in change.fields.items()
        )

    def _says(self, name: str, value: Any, meant: list[Intent]) -> bool:
        said = self._asked.said
        match name:
            case "due":
                return self._says_day(value, meant)
            case "repeat":
                return any(intent.repeat for intent in meant) or read_repeat(said) is not None
            case "priority":
                return any(intent.priority == value for intent in meant) or self._has_words_of(value)
            case "tags":
                return bool(value) and all(self._has_words_of(tag) for tag in value)
            case "status":
                return bool(value == TaskStatus.PENDING or Operation.COMPLETE in {intent.operation for intent in meant})
            case _:
                return self._has_words_of(value)

    def _says_day(self, value: str, meant: list[Intent]) -> bool:
        """Whether it is the day that was said. What is no date at all is left to the tool, which says so."""
        zone = ZoneInfo(self._turn.timezone)
        wanted = read_due(value, self._turn.now, zone)
        said = [intent.due for intent in meant] + [read_due(self._turn.message, self._turn.now, zone)]
        if wanted is None:
            return bool(value.strip())
        return any(due and due.day == wanted.day for due in said)

    def _has_words_of(self, text: str) -> bool:
        """Whether half of the text's words, or more, were said by the person."""
        said, words = set(fold_text(self._asked.said).split()), fold_text(text).split()
        return 2 * sum(word in said for word in words) >= len(words) > 0


class _Added(Struct):
    task_id: int


def _is_sure(task: Task, intent: Intent, tool: str) -> bool:
    """What is only near a name is enough to find a task, and too little to delete it."""
    return tool != "delete_task" or not intent.title or is_called(task.title, intent.title)


def _fits(task: Task, intent: Intent) -> bool:
    """Whether a task is of the kind and days that the words give; one that was named may be without a date."""
    if (intent.status or task.status) is not task.status or (intent.of_priority or task.priority) is not task.priority:
        return False
    if intent.tags and not {*map(str.casefold, intent.tags)} <= {*map(str.casefold, task.tags)}:
        return False
    if intent.during and (task.due or not intent.title):
        first, after_last = intent.during
        return task.due is not None and first <= task.due.day < after_last
    return True


def _at(shown: tuple[int, ...], ordinal: int) -> int | None:
    place = ordinal - 1 if ordinal > 0 else ordinal
    return shown[place] if -len(shown) <= place < len(shown) else None
