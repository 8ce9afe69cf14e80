"""plan_my_day: the prompt over the tasks that are due today or overdue, their words quoted as data."""

from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from application.ports import TaskSort
from application.shapes import LIST_MAX, ListTasks, Nothing, TaskView
from application.tools import Desk, list_tasks
from domain.tasks import Priority

ONE_DAY = timedelta(days=1)
WORDS = (Path(__file__).parent / "plan_my_day.txt").read_text(encoding="utf-8")


class Day(Struct):
    """The moment in the user's zone, and the pending tasks due by its end, the longest overdue first."""

    now: str
    zone: str
    tasks: list[TaskView]


class Note(Struct, omit_defaults=True):
    """What a plan needs to know of a task; the words in it are data."""

    task_id: int
    title: str
    due: str | None
    priority: Priority
    repeat: str | None = None


def day_of(desk: Desk, _: Nothing) -> Day:
    """The user's day as it stands."""
    here = desk.now.astimezone(desk.zone)
    due = ListTasks(status="pending", due_before=(here.date() + ONE_DAY).isoformat(), sort=TaskSort.DUE, limit=LIST_MAX)
    return Day(f"{here:%A, %Y-%m-%d %H:%M}", desk.zone.key, list_tasks(desk, due).tasks)


def plan_my_day(day: Day) -> str:
    """The message; no title can end the block in which it is quoted."""
    notes = [Note(task.task_id, task.title, task.due, task.priority, task.repeat) for task in day.tasks]
    lines = "\n".join(msgspec.json.encode(note).decode().replace("<", "\\u003c") for note in notes)
    return WORDS.format(now=day.now, zone=day.zone, tasks=lines or "(none is due)")
