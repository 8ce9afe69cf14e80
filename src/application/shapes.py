"""The shapes that go into the tools and come out of them: what a model, HTTP, MCP and the documents see."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from application.ports import TaskPosition, TaskSort
from domain.conversations import Role
from domain.errors import NUMBER_MAX
from domain.tasks import Priority, TaskStatus

LIST_DEFAULT = 50
LIST_MAX = 200
SEARCH_MAX = 255

Title = Annotated[str, Meta(description="What is to be done, 1 to 255 characters.", examples=["Doodh lana"])]
TaskId = Annotated[int, Meta(description="The task's number, as listed.", ge=1, le=NUMBER_MAX, examples=[3])]
When = Annotated[
    str,
    Meta(
        description="A date (2026-02-07), a moment (2026-02-07T09:00, the user's zone unless an offset is written), "
        "or the user's own words ('kal subah 9 baje'), which the server resolves.",
        examples=["kal subah 9 baje"],
    ),
]
Repeat = Annotated[
    str,
    Meta(description="An RFC 5545 rule (FREQ=WEEKLY;BYDAY=FR) or words ('har jumme').", examples=["FREQ=DAILY"]),
]
Tags = Annotated[tuple[str, ...], Meta(description="Up to 20 tags of 1 to 50 characters.", examples=[["ghar"]])]
Words = Annotated[str, Meta(max_length=4000)]


class AddTask(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A new task."""

    title: Title
    description: str = ""
    priority: Priority = Priority.NORMAL
    due: When | None = None
    repeat: Repeat | None = None
    tags: Tags = ()


class ListTasks(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Which tasks to list; every given field narrows. `due_before` excludes its day or moment."""

    status: Literal["all", "pending", "completed"] = "all"
    search: Annotated[str, Meta(max_length=SEARCH_MAX)] | None = None
    priority: Priority | None = None
    due_before: When | None = None
    due_after: When | None = None
    tag: str | None = None
    sort: TaskSort = TaskSort.CREATED
    limit: Annotated[int, Meta(ge=1, le=LIST_MAX)] = LIST_DEFAULT


class PageTasks(ListTasks, forbid_unknown_fields=True, omit_defaults=True):
    """The same, going on behind a position in this very order."""

    beyond: TaskPosition | None = None


class OneTask(Struct, forbid_unknown_fields=True):
    """One task by its number."""

    task_id: TaskId


class TaskFields(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What changes in a task: an absent field stays as it is, an empty or null one is emptied."""

    title: Title | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    due: When | UnsetType | None = UNSET
    repeat: Repeat | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    status: TaskStatus | UnsetType = UNSET


class UpdateTask(TaskFields, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Which task changes, and what: an absent field stays as it is, an empty or null one is emptied."""

    task_id: TaskId


class Nothing(Struct, forbid_unknown_fields=True):
    """No arguments."""


class ParseUrduIntent(Struct, forbid_unknown_fields=True):
    """A message to be read."""

    user_input: Words


class GenerateUrduResponse(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a reply is to say."""

    operation: Literal["add", "list", "complete", "delete", "update", "undo"]
    title: str | None = None


class FetchChatHistory(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Which conversation; the one of this turn when none is named."""

    conversation_id: int | str | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class TaskView(Struct):
    """A task as it is shown. `due` is a date or a moment with the user's offset; times are UTC."""

    task_id: int
    title: str
    description: str
    priority: Priority
    due: str | None
    repeat: str | None
    tags: tuple[str, ...]
    status: TaskStatus
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class TaskChanged(Struct):
    """A task after it was created, updated or completed; `status` says which."""

    task_id: int
    status: Literal["created", "updated", "completed"]
    title: str
    description: str
    priority: Priority
    due: str | None
    repeat: str | None
    tags: tuple[str, ...]
    done: bool


class TaskDeleted(Struct):
    """The task is gone; undo brings it back."""

    task_id: int
    status: Literal["deleted"]
    title: str


class TaskList(Struct):
    """The tasks that fit, at most `limit`; `total` counts them all."""

    tasks: list[TaskView]
    total: int


class TaskPage(TaskList):
    """The same, and where the next page goes on; None after the last."""

    reached: TaskPosition | None


class Undone(Struct):
    """One task that undo put back, removed again, or reverted."""

    task_id: int
    title: str
    status: Literal["restored", "removed", "reverted"]


class UndoneChanges(Struct):
    """What undo took back."""

    status: Literal["undone"]
    tasks: list[Undone]


class Reading(Struct):
    """How Munshi reads a message."""

    operation: str
    title: str | None
    priority: Priority | None
    due: str | None
    due_text: str | None
    repeat: str | None
    task_id: int | None
    confidence: float


class Sentence(Struct):
    """A reply in Roman Urdu."""

    response: str


class Said(Struct):
    """One message of a conversation."""

    role: Role
    text: str
    created_at: datetime


class ChatHistory(Struct):
    """The newest messages, oldest first."""

    messages: list[Said]
