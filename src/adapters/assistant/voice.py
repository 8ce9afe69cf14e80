"""How the offline assistant tells of tasks: sentences and lists in one language, dates as people say them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.account import DONE
from domain.conversations import ToolCall
from domain.tasks import Priority, TaskStatus
from domain.urdu import Language, Reply, due_phrase, priority_word, read_due, repeat_phrase, say, task_line

LINES_MAX = 20


class Found(Struct, frozen=True):
    """What the assistant needs of a task that a tool showed or changed."""

    task_id: int
    title: str
    priority: Priority = Priority.NORMAL
    due: str | None = None
    repeat: str | None = None
    status: str = TaskStatus.PENDING
    done: bool = True
    tags: tuple[str, ...] = ()
    completed_at: datetime | None = None


class Voice(Struct):
    """One language, at one moment in one zone."""

    language: Language
    _now: datetime
    _zone: ZoneInfo

    def say(self, reply: Reply, **slots: str | int | None) -> str:
        """A sentence of the domain."""
        return say(reply, self.language, **slots)

    def done(self, tool: str, task: Found, old: str | None = None, reopened: bool = False) -> str:
        """That a tool did its work on one task; `old` is the title it had, `reopened` that it was complete."""
        if tool == "complete_task" and not task.done:
            return self.say(Reply.COMPLETED_REPEATING, title=task.title, due=self.due(task.due))
        if reopened:
            return self.say(Reply.REOPENED, title=task.title, due=self.due(task.due))
        if old and old != task.title:
            return self.say(Reply.RENAMED, old=old, title=task.title)
        return say(
            DONE[tool],
            self.language,
            title=task.title,
            due=self.due(task.due),
            repeat=self._repeat(task),
            priority=task.priority.value if task.priority is not Priority.NORMAL else None,
        )

    def _repeat(self, task: Found) -> str | None:
        """The repetition, said to follow where this once the task is due on another day: "mangal ko, phir har peer"."""
        if not task.repeat:
            return None
        due = read_due(task.due, self._now, self._zone) if task.due else None
        return repeat_phrase(task.repeat, self.language, due.day if due else None)

    def passed(self, due: str | None) -> str:
        """That a due which was set just now lies in the past; empty where it does not."""
        read = read_due(due, self._now, self._zone) if due else None
        if read is None:
            return ""
        gone = read.at < self._now if read.at else read.day < self._now.astimezone(self._zone).date()
        return f" {self.say(Reply.PASSED)}" if gone else ""

    def failed(self, call: ToolCall, task_id: int | None = None) -> str:
        """That a tool did not do its work, and why."""
        if call.error and call.error.code == "not_found" and task_id is not None:
            return self.say(Reply.NO_SUCH_NUMBER, number=task_id)
        return self.say(Reply.FAILED, why=call.error.message.rstrip(".") if call.error else None)

    def change(self, arguments: Mapping[str, object]) -> str:
        """What an update would set, as far as it is told apart from the task: "'milk', kal, har hafte, zaroori"."""
        given = {name: str(value) for name, value in arguments.items() if value}
        told = [f"'{given['title']}'"] if "title" in given else []
        told += [self.due(given["due"]) or given["due"]] if "due" in given else []
        told += [repeat_phrase(given["repeat"], self.language)] if "repeat" in given else []
        told += [priority_word(Priority(given["priority"]), self.language)] if "priority" in given else []
        return ("، " if self.language is Language.URDU else ", ").join(told)

    def lines(self, tasks: Sequence[Found]) -> str:
        """Tasks under their own numbers: what "2" means in an answer; "pehla" means the first line."""
        return self._cut([self._line(task.task_id, task) for task in tasks])

    def due(self, due: str | None) -> str | None:
        """A due as people say it."""
        read = read_due(due, self._now, self._zone) if due else None
        if read is None:
            return None
        # Once for all: it is the same moment, and every due is told beside it.
        self._now = self._now.astimezone(self._zone)
        return due_phrase(read, self._now, self._zone, self.language)

    def _line(self, number: int, task: Found) -> str:
        done = task.status == TaskStatus.COMPLETED
        due, repeat = self.due(task.due), self._repeat(task)
        return task_line(number, task.title, due, task.priority, done, self.language, repeat)

    def _cut(self, lines: list[str]) -> str:
        return "\n".join([*lines[:LINES_MAX], *(["…"] if len(lines) > LINES_MAX else [])])
