"""What was said as ChatKit's thread items; their ids and content follow from our conversations alone.

A message of the user is one item. A reply is up to four, in this order: its tool calls as a workflow, its text, the
tasks it listed as a widget, and the question it asked.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    CustomSummary,
    CustomTask,
    InferenceOptions,
    ThreadItem,
    UserMessageItem,
    UserMessageTextContent,
    Workflow,
    WorkflowItem,
)
from msgspec import Struct

from application.account import CHANGES
from application.shapes import TaskView
from application.toolbox import BY_NAME
from domain.conversations import Conversation, Message, MessageStatus, Role, ToolCall
from domain.errors import NotFound
from domain.urdu import Language
from entrypoints.asked import Asked, language_around
from entrypoints.chatkit.questions import question_item
from entrypoints.chatkit.tasklist import Scene, task_list
from entrypoints.labels import label

ROWS_MAX = 50
PARTS = ("wf", "msg", "list", "ask")
ITEM = re.compile(r"(wf|msg|list|ask)_([1-9][0-9]{0,15})_([1-9][0-9]{0,15})")


class ItemNotFound(NotFound):
    """No item of this id in the thread."""

    def __init__(self, item_id: str) -> None:
        super().__init__(f"There is no item {item_id[:64]} in this thread.")


class Position(Struct, frozen=True, order=True):
    """Where an item stands in its thread: the number of its message, and which part of it."""

    message_id: int
    part: int

    @classmethod
    def of(cls, item_id: str, place: Conversation) -> "Position":
        """The position behind an id of this thread. Raises ItemNotFound."""
        found = ITEM.fullmatch(item_id)
        if not found or int(found[2]) != place.id or int(found[3]) > place.message_count:
            raise ItemNotFound(item_id)
        return cls(int(found[3]), PARTS.index(found[1]))


class Shown(Struct, frozen=True):
    """The tasks that messages list, as they are now, and the person's time and zone."""

    tasks: Mapping[int, TaskView]
    now: datetime
    zone: ZoneInfo


class Said(Struct, frozen=True):
    """A message in its thread, the texts before and after it, which it answers and which answer it, and its tasks."""

    place: Conversation
    message: Message
    before: str = ""
    answer: str | None = None
    shown: Shown | None = None

    @property
    def language(self) -> Language:
        """In which words its widgets speak: those of the person, or its own after a number or a click."""
        return language_around(self.before, self.message.text)

    def item_id(self, part: str) -> str:
        """The id of a part of this message."""
        return f"{part}_{self.place.id}_{self.message.id}"


class _Result(Struct):
    """What is told of a tool's result in a line."""

    title: str = ""
    tasks: list[TaskView] | None = None
    total: int | None = None


def items_of(said: Said) -> list[ThreadItem]:
    """The items of one message, in order."""
    if said.message.role is Role.USER:
        return [user_item(said.place, said.message)]
    made = (workflow_item(said), text_item(said), list_item(said), asked_item(said))
    return [item for item in made if item is not None]


def user_item(place: Conversation, message: Message) -> UserMessageItem:
    """What the user said."""
    return UserMessageItem(
        id=f"msg_{place.id}_{message.id}",
        thread_id=place.key,
        created_at=message.created_at,
        content=[UserMessageTextContent(text=message.text)],
        inference_options=InferenceOptions(),
    )


def text_item(said: Said) -> AssistantMessageItem | None:
    """What the assistant said; None while it has said nothing."""
    text = said.message.text
    return reply_item(said, [AssistantMessageContent(text=text)]) if text else None


def reply_item(said: Said, content: list[AssistantMessageContent]) -> AssistantMessageItem:
    """The reply's text, as far as it is there."""
    return AssistantMessageItem(
        id=said.item_id("msg"), thread_id=said.place.key, created_at=said.message.created_at, content=content
    )


def workflow_item(said: Said) -> WorkflowItem | None:
    """The reply's tool calls; None where there were none."""
    calls = said.message.tool_calls
    if not calls:
        return None
    summary = CustomSummary(title=label("steps", said.language, count=len(calls)), icon="check-circle")
    running = said.message.status is MessageStatus.IN_PROGRESS
    return WorkflowItem(
        id=said.item_id("wf"),
        thread_id=said.place.key,
        created_at=said.message.created_at,
        workflow=Workflow(
            type="custom",
            tasks=[call_task(call, said.language) for call in calls],
            summary=None if running else summary,
        ),
    )


def call_task(call: ToolCall, language: Language) -> CustomTask:
    """One tool call as a step of a workflow, with what came of it."""
    title = BY_NAME[call.name].title if call.name in BY_NAME else call.name
    if call.error:
        why = label("failed", language, why=call.error.message)
        return CustomTask(title=title, icon="info", content=why, status_indicator="none")
    return CustomTask(title=title, icon="check", content=_outcome(call, language), status_indicator="complete")


def list_item(said: Said) -> ThreadItem | None:
    """The tasks that the reply listed as they are now; None where it listed none, changed some, or asked about them."""
    listed, shown = listed_tasks(said.message), said.shown
    if not listed or not shown:
        return None
    tasks = [shown.tasks[task_id] for task_id in listed if task_id in shown.tasks]
    scene = Scene(shown.now, shown.zone, said.language)
    return task_list(said.item_id("list"), said.place, said.message.created_at, tasks, scene)


def listed_tasks(message: Message) -> tuple[int, ...]:
    """The numbers of the tasks that a reply shows as a list."""
    calls = [call for call in message.tool_calls if not call.error]
    if message.question or any(call.name in CHANGES for call in calls):
        return ()
    lists = [call for call in calls if call.name == "list_tasks" and call.result]
    if not lists:
        return ()
    tasks = msgspec.json.decode(lists[-1].result or b"{}", type=_Result).tasks or []
    return tuple(task.task_id for task in tasks[:ROWS_MAX])


def asked_item(said: Said) -> ThreadItem | None:
    """The question that the reply asked, open or answered; None where it asked none."""
    if said.message.question is None:
        return None
    asked = Asked(said.message, said.message.question, said.language)
    return question_item(said.item_id("ask"), said.place, asked, said.answer)


def _outcome(call: ToolCall, language: Language) -> str | None:
    try:
        result = msgspec.json.decode(call.result or b"{}", type=_Result)
    except msgspec.ValidationError:
        return None
    if result.total is not None:
        return label("tasks", language, count=result.total)
    return result.title or None
