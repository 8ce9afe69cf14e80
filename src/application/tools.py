"""The tools, each defined once: name, shapes, and what it does to one user's tasks.

The assistants, HTTP, MCP and ChatKit are views of these definitions. None takes a user: a Desk already has one.
"""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct
from msgspec.structs import replace

from application.context import history_of
from application.ports import Edge, TaskPosition, TaskQuery, Unit
from application.shapes import (
    AddTask,
    ChatHistory,
    FetchChatHistory,
    GenerateUrduResponse,
    ListTasks,
    Nothing,
    OneTask,
    PageTasks,
    ParseUrduIntent,
    Reading,
    Said,
    Sentence,
    TaskChanged,
    TaskDeleted,
    TaskList,
    TaskPage,
    TaskView,
    Undone,
    UndoneChanges,
    UpdateTask,
)
from domain import tasks as rules
from domain.errors import NUMBER_MAX, Invalid, NothingToUndo, TaskNotFound
from domain.matching import find
from domain.recurrence import checked_rule
from domain.tasks import Change, Draft, Due, Edit, Task, TaskStatus
from domain.urdu import generate_urdu_response, parse_urdu_intent, read_due, read_repeat

A = TypeVar("A", bound=Struct)
R = TypeVar("R", bound=Struct)


class Desk(Struct, frozen=True):
    """Where a tool works: one user's unit of work, the time there, and what its changes are taken back with."""

    unit: Unit
    now: datetime
    zone: ZoneInfo
    batch: str
    conversation_id: int | None = None


class Tool(Struct, Generic[A, R], frozen=True):
    """One tool: what a model, a person or a program may ask for."""

    name: str
    title: str
    arguments: type[A]
    result: type[R]
    run: Callable[[Desk, A], R]
    read_only: bool = False
    destructive: bool = False
    idempotent: bool = False

    @property
    def description(self) -> str:
        """What the tool is for, as a model or a person reads it."""
        return inspect.cleandoc(self.run.__doc__ or "")


def add_task(desk: Desk, asked: AddTask) -> TaskChanged:
    """Add a task to the user's list."""
    draft = Draft(
        title=asked.title,
        description=asked.description,
        priority=asked.priority,
        due=_due(asked.due, desk),
        repeat=_repeat(asked.repeat),
        tags=asked.tags,
    )
    task = rules.make(desk.unit.tasks.next_id(), draft, desk.now, desk.zone)
    _keep(desk, "add_task", None, task)
    return _changed(task, "created", desk.zone)


def list_tasks(desk: Desk, asked: ListTasks) -> TaskList:
    """List the user's tasks, all or those that fit: by status, words, priority, due or tag."""
    tasks, total = _listed(desk, asked, None, asked.limit)
    return TaskList([_view(task, desk.zone) for task in tasks], total)


def page_tasks(desk: Desk, asked: PageTasks) -> TaskPage:
    """The same page by page, all of them in the end; what is added meanwhile shifts nothing."""
    found, total = _listed(desk, asked, asked.beyond, asked.limit + 1)
    tasks = found[: asked.limit]
    reached = TaskPosition.of(tasks[-1], asked.sort) if len(found) > asked.limit else None
    return TaskPage([_view(task, desk.zone) for task in tasks], total, reached)


def _listed(desk: Desk, asked: ListTasks, beyond: TaskPosition | None, limit: int) -> tuple[list[Task], int]:
    """The tasks that fit, at most `limit` behind a position, and how many fit anywhere."""
    query = TaskQuery(
        status=None if asked.status == "all" else TaskStatus(asked.status),
        priority=asked.priority,
        due_before=_edge("due_before", asked.due_before, desk),
        due_after=_edge("due_after", asked.due_after, desk),
        tag=asked.tag.removeprefix("#") if asked.tag else None,
        sort=asked.sort,
        beyond=None if asked.search else beyond,
        limit=None if asked.search else limit,
    )
    tasks = desk.unit.tasks.select(query)
    if asked.search:
        # Which kind of match is the closest, all of them decide.
        found = find(tasks, asked.search)
        rest = [task for task in found if beyond is None or TaskPosition.of(task, asked.sort) > beyond]
        return rest[:limit], len(found)
    is_whole = beyond is None and len(tasks) < limit
    return tasks, len(tasks) if is_whole else desk.unit.tasks.count(query)


def get_task(desk: Desk, asked: OneTask) -> TaskView:
    """Show one task in full."""
    return _view(_existing(desk, asked.task_id), desk.zone)


def complete_task(desk: Desk, asked: OneTask) -> TaskChanged:
    """Mark a task as done; a repeating task moves on to its next due."""
    before = _existing(desk, asked.task_id)
    after = before
    if before.status is TaskStatus.PENDING:
        after = rules.complete(before, desk.now, desk.zone)
        _keep(desk, "complete_task", before, after)
    return _changed(after, "completed", desk.zone)


def delete_task(desk: Desk, asked: OneTask) -> TaskDeleted:
    """Delete a task; undo brings it back."""
    task = _existing(desk, asked.task_id)
    desk.unit.tasks.remove(task.id)
    _log(desk, "delete_task", task, None)
    return TaskDeleted(task.id, "deleted", task.title)


def update_task(desk: Desk, asked: UpdateTask) -> TaskChanged:
    """Change a task: title, description, priority, due, repetition, tags or status."""
    before = _existing(desk, asked.task_id)
    changes = Edit(
        title=asked.title,
        description=asked.description,
        priority=asked.priority,
        due=UNSET if asked.due is UNSET else _due(asked.due, desk),
        repeat=UNSET if asked.repeat is UNSET else _repeat(asked.repeat),
        tags=asked.tags,
        status=asked.status,
    )
    if changes == Edit():
        raise Invalid("fields", "name nothing to change")
    after = rules.edit(before, changes, desk.now, desk.zone)
    # What changes nothing is no step for undo to take back.
    if replace(after, updated_at=before.updated_at) != before:
        _keep(desk, "update_task", before, after)
    return _changed(after, "updated", desk.zone)


def undo(desk: Desk, _: Nothing) -> UndoneChanges:
    """Take back the last change to the user's tasks, of any kind and of many tasks at once."""
    changes = desk.unit.tasks.last_changes()
    if not changes:
        raise NothingToUndo
    undone = [_take_back(desk, change) for change in reversed(changes)]
    desk.unit.tasks.forget_last(len(changes))
    return UndoneChanges("undone", undone[::-1])


def read_message(desk: Desk, asked: ParseUrduIntent) -> Reading:
    """Read a message in Roman Urdu, Urdu or English: which operation, title, priority and due it names."""
    intent = parse_urdu_intent(asked.user_input, now=desk.now, timezone=desk.zone.key)
    return Reading(
        operation=intent.operation,
        title=intent.title,
        priority=intent.priority,
        due=intent.due.iso(desk.zone) if intent.due else None,
        due_text=intent.due_text,
        repeat=intent.repeat,
        task_id=intent.task_id,
        confidence=intent.confidence,
    )


def write_response(_: Desk, asked: GenerateUrduResponse) -> Sentence:
    """Say in Roman Urdu that an operation was done; it says so, it does not do it."""
    return Sentence(generate_urdu_response(asked.operation, asked.title))


def fetch_chat_history(desk: Desk, asked: FetchChatHistory) -> ChatHistory:
    """Read what was said in a conversation of this user, the newest messages."""
    reference = desk.conversation_id if asked.conversation_id is None else asked.conversation_id
    if reference is None:
        raise Invalid("conversation_id", "is needed outside a conversation")
    messages = history_of(desk.unit, reference, asked.limit)
    return ChatHistory([Said(message.role, message.text, message.created_at) for message in messages])


def _existing(desk: Desk, task_id: int) -> Task:
    task = desk.unit.tasks.get(task_id) if 0 < task_id <= NUMBER_MAX else None
    if task is None:
        raise TaskNotFound(task_id)
    return task


def _keep(desk: Desk, tool: str, before: Task | None, after: Task) -> None:
    desk.unit.tasks.put(after)
    _log(desk, tool, before, after)


def _log(desk: Desk, tool: str, before: Task | None, after: Task | None) -> None:
    desk.unit.tasks.log(Change(desk.batch, tool, desk.now, before, after))


def _take_back(desk: Desk, change: Change) -> Undone:
    if change.before is None:
        made = change.after
        if made is None:
            raise NothingToUndo
        desk.unit.tasks.remove(made.id)
        return Undone(made.id, made.title, "removed")
    desk.unit.tasks.put(change.before)
    return Undone(change.before.id, change.before.title, "reverted" if change.after else "restored")


def _due(text: str | None, desk: Desk) -> Due | None:
    return _when("due", text, desk) if text and text.strip() else None


def _when(field: str, text: str, desk: Desk) -> Due:
    due = read_due(text, desk.now, desk.zone)
    if due is None:
        raise Invalid(field, f"'{text[:60]}' is not a date; write 2026-02-07, 2026-02-07T09:00 or 'kal subah 9 baje'")
    return due


def _edge(field: str, text: str | None, desk: Desk) -> Edge | None:
    if not text:
        return None
    due = _when(field, text, desk)
    return Edge(due.day, due.start(desk.zone))


def _repeat(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    return checked_rule(text) if "=" in text else read_repeat(text) or checked_rule(text)


def _view(task: Task, zone: ZoneInfo) -> TaskView:
    return TaskView(
        task_id=task.id,
        title=task.title,
        description=task.description,
        priority=task.priority,
        due=task.due.iso(zone) if task.due else None,
        repeat=task.repeat,
        tags=task.tags,
        status=task.status,
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
    )


def _changed(task: Task, status: Literal["created", "updated", "completed"], zone: ZoneInfo) -> TaskChanged:
    return TaskChanged(
        task_id=task.id,
        status=status,
        title=task.title,
        description=task.description,
        priority=task.priority,
        due=task.due.iso(zone) if task.due else None,
        repeat=task.repeat,
        tags=task.tags,
        done=task.status is TaskStatus.COMPLETED,
    )


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool("add_task", "Add a task", AddTask, TaskChanged, add_task),
    Tool("list_tasks", "List tasks", ListTasks, TaskList, list_tasks, read_only=True, idempotent=True),
    Tool("get_task", "Show a task", OneTask, TaskView, get_task, read_only=True, idempotent=True),
    Tool("complete_task", "Complete a task", OneTask, TaskChanged, complete_task),
    Tool("delete_task", "Delete a task", OneTask, TaskDeleted, delete_task, destructive=True),
    Tool("update_task", "Change a task", UpdateTask, TaskChanged, update_task, destructive=True, idempotent=True),
    Tool("undo", "Take back the last change", Nothing, UndoneChanges, undo, destructive=True),
    Tool(
        "parse_urdu_intent", "Read a message", ParseUrduIntent, Reading, read_message, read_only=True, idempotent=True
    ),
    Tool(
        "generate_urdu_response",
        "Write a reply",
        GenerateUrduResponse,
        Sentence,
        write_response,
        read_only=True,
        idempotent=True,
    ),
    Tool(
        "fetch_chat_history",
        "Read a conversation",
        FetchChatHistory,
        ChatHistory,
        fetch_chat_history,
        read_only=True,
        idempotent=True,
    ),
)
