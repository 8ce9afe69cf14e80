"""What a person's own words allow a model to change in one turn; text inside tasks allows nothing.

The message is read by the domain, not by the model. A change that it asks for is made; one that it may mean is asked
about; one that has nothing to do with it is refused. So an instruction hidden in a title moves a model, but no task.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from adapters.assistant.recall import last_shown
from domain.conversations import Role, Turn
from domain.matching import find
from domain.tasks import Task
from domain.urdu import ASK, Intent, Operation, fold_text, parse_urdu_intents, read_answer

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


class Verdict(StrEnum):
    """Whether a change is made, asked about, or refused."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class Change(Struct, frozen=True):
    """A change that a model wants to make: of which task, or with which title a new one."""

    tool: str
    task: Task | None = None
    title: str = ""


class Guard:
    """Judges the changes of one turn. `has_read`: the model has seen text from inside tasks since it began."""

    def __init__(self, turn: Turn) -> None:
        self._shown = last_shown(turn.history).task_ids
        self._said, self._intents = _asked(turn)
        self._numbers = {int(number) for number in NUMBER.findall(fold_text(self._said))}
        self._is_first = not turn.history
        self.has_read = False

    def judge(self, change: Change) -> Verdict:
        """Whether the person asked for this change."""
        operation = OPERATIONS.get(change.tool)
        if operation is None:
            return Verdict.ALLOW
        meant = [intent for intent in self._intents if operation in (intent.operation, *intent.options)]
        if meant:
            return Verdict.ALLOW if self._is_meant(change, meant) else Verdict.ASK
        if any(intent.operation is not Operation.NONE or intent.social for intent in self._intents):
            return Verdict.REFUSE
        unread = self._is_first and not self.has_read
        return Verdict.ALLOW if operation is Operation.ADD and unread else Verdict.ASK

    def _is_meant(self, change: Change, meant: Sequence[Intent]) -> bool:
        if change.tool == "undo":
            return True
        if change.task is None:
            return not self.has_read or self._has_words_of(change.title)
        return any(self._names(change.task, intent) for intent in meant)

    def _names(self, task: Task, intent: Intent) -> bool:
        if task.id == intent.task_id or task.id in self._numbers:
            return True
        if intent.title:
            return bool(find([task], intent.title))
        if intent.everything or intent.during or intent.status:
            return self._fits(task, intent)
        return task.id in self._shown and bool(intent.pronoun or intent.ordinal)

    def _fits(self, task: Task, intent: Intent) -> bool:
        if intent.status and task.status is not intent.status:
            return False
        if intent.during:
            first, after_last = intent.during
            return task.due is not None and first <= task.due.day < after_last
        return True

    def _has_words_of(self, title: str) -> bool:
        """Whether half of the title's words, or more, were said by the person."""
        said, words = set(fold_text(self._said).split()), fold_text(title).split()
        return 2 * sum(word in said for word in words) >= len(words)


def _asked(turn: Turn) -> tuple[str, Sequence[Intent]]:
    """What the person asked for: in this message, or in the one before it when this one only answers a question."""
    intents = _read(turn, turn.message)
    if any(intent.operation is not Operation.NONE for intent in intents):
        return turn.message, intents
    before = next((message.text for message in reversed(turn.history) if message.role is Role.USER), None)
    answer = read_answer(turn.message)
    if before is None or not (answer.yes or answer.choices or answer.words or answer.everything):
        return turn.message, intents
    earlier = _read(turn, before)
    if all(intent.operation is Operation.NONE for intent in earlier):
        return turn.message, intents
    return f"{before} {turn.message}", earlier


def _read(turn: Turn, text: str) -> list[Intent]:
    read = parse_urdu_intents(text, now=turn.now, timezone=turn.timezone)
    return [intent for intent in read if intent.confidence >= ASK or intent.operation is Operation.NONE]
