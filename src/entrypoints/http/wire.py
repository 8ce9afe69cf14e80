"""The bodies that go over the wire, where they differ from what the application returns."""

import base64
import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.structs import replace

from application.live import TurnDone
from application.ports import TaskPosition, TaskSort
from application.shapes import TaskList
from domain.conversations import Conversation, Message, MessageStatus, Question, QuestionKind, Role, ToolCall, ToolError
from domain.errors import NUMBER_MAX, Invalid
from domain.tasks import Priority
from entrypoints.asked import Asked, language_around

LIMIT = re.compile(r"[1-9]\d{0,3}", re.ASCII)
CURSOR_DIGITS = 16
NOT_OURS = "is not one that this service gave"
NUMBERS = range(NUMBER_MAX + 1)
Number = Annotated[int, Meta(ge=0, le=NUMBER_MAX)]
# The extra under "extra" is what Litestar reads (its plugin for msgspec).
Moment = Annotated[str, Meta(extra_json_schema={"extra": {"format": "date-time"}})]


class ChatRequest(Struct):
    """What a user says. Unknown fields are ignored."""

    message: Annotated[
        str, Meta(examples=["Mera meeting wala task delete kar do"], description="1 to 4,000 characters")
    ]
    conversation_id: Annotated[
        int | str | None,
        Meta(
            description="An integer names a conversation that the server numbered; a string is the client's own name "
            "for one, made at its first use; absent: a new conversation.",
            examples=["conv-123", 7],
        ),
    ] = None
    timezone: Annotated[str | None, Meta(description="IANA name", examples=["Asia/Karachi"])] = None


class ToolCallBody(Struct, omit_defaults=True):
    """One tool call: its arguments, and its result or its error."""

    name: str
    arguments: Raw | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    error: ToolError | UnsetType = UNSET

    @classmethod
    def of(cls, call: ToolCall) -> "ToolCallBody":
        """A recorded call as it is shown."""
        if call.error:
            return cls(call.name, call.arguments, error=call.error)
        return cls(call.name, call.arguments, result=UNSET if call.result is None else call.result)


class TurnBody(Struct):
    """A whole turn. `timestamp` is left out for clients that ask for the exact profile."""

    conversation_id: int | str
    response: Annotated[str, Meta(examples=["Theek hai, 'meeting' task delete ho gaya."])]
    tool_calls: list[ToolCallBody]
    timestamp: Moment | UnsetType = UNSET

    @classmethod
    def of(cls, turn: TurnDone, exact: bool) -> "TurnBody":
        """A recorded turn as it is shown."""
        calls = [ToolCallBody.of(call) for call in turn.tool_calls]
        return cls(turn.conversation_id, turn.response, calls, UNSET if exact else iso(turn.timestamp))


class ConversationBody(Struct):
    """One conversation: its number, and the name by which its client knows it."""

    id: int
    key: str
    title: str
    created_at: Moment
    updated_at: Moment
    message_count: int

    @classmethod
    def of(cls, place: Conversation) -> "ConversationBody":
        """A conversation as it is shown."""
        return cls(place.id, place.key, place.title, iso(place.created_at), iso(place.updated_at), place.message_count)


class ConversationsBody(Struct):
    """A page of conversations, the most recently updated first."""

    conversations: list[ConversationBody]
    next_cursor: str | None


class OptionBody(Struct):
    """One answer to a question: what a button shows, and the message that it says for the person."""

    label: str
    message: str


class QuestionBody(Struct):
    """What a reply asks; only the next message answers it. No options: any words may."""

    kind: QuestionKind
    options: list[OptionBody]

    @classmethod
    def of(cls, message: Message, question: Question, before: str) -> "QuestionBody":
        """The question of a reply to `before` as it is shown."""
        asked = Asked(message, question, language_around(before, message.text))
        return cls(question.kind, [OptionBody(shown, says) for shown, says in asked.choices.items()])


class MessageBody(Struct):
    """One message with the tool calls under it. A reply in progress has no text yet; `question` where one is asked."""

    id: int
    role: Role
    text: str
    status: MessageStatus
    turn_id: str | None
    tool_calls: list[ToolCallBody]
    created_at: Moment
    question: QuestionBody | UnsetType = UNSET

    @classmethod
    def of(cls, message: Message, before: str) -> "MessageBody":
        """A message as it is shown; `before` is what was said right before it."""
        return cls(
            message.id,
            message.role,
            message.text,
            message.status,
            message.turn_id,
            [ToolCallBody.of(call) for call in message.tool_calls],
            iso(message.created_at),
            QuestionBody.of(message, message.question, before) if message.question else UNSET,
        )


class TasksBody(TaskList):
    """A page of tasks; `total` counts all that fit, `next_cursor` leads to the rest of them."""

    next_cursor: str | None


class MessagesBody(Struct):
    """A page of messages, oldest first; `next_cursor` leads to older ones."""

    messages: list[MessageBody]
    next_cursor: str | None


class Rename(Struct):
    """Another title for a conversation."""

    title: Annotated[str, Meta(examples=["Ghar ke kaam"])]


class RawSchema(OpenAPISchemaPlugin):
    """Documents ready JSON (a tool's arguments and result) as an object."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Only msgspec.Raw."""
        return field_definition.annotation is Raw

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: object) -> Schema:  # noqa: ARG002
        """Any object."""
        return Schema(type=OpenAPIType.OBJECT)


def iso(moment: datetime) -> str:
    """ISO 8601 with the UTC offset written."""
    # As datetime's own form, in a quarter of its time: "…Z" in quotes becomes …+00:00.
    return f"{msgspec.json.encode(moment.astimezone(UTC))[1:-2].decode()}+00:00"


def read_limit(limit: str, most: int) -> int:
    """A number in its one spelling, which the framework does not ask for. Raises Invalid."""
    if not (LIMIT.fullmatch(limit) and int(limit) <= most):
        raise Invalid("limit", f"must be a whole number from 1 to {most}")
    return int(limit)


def conversation_cursor(place: Conversation) -> str:
    """Where a page of conversations ended."""
    return _sealed(f"{place.updated_at.isoformat()} {place.id}".encode())


def read_conversation_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """The (updated_at, id) behind a cursor. Raises Invalid."""
    if not cursor:
        return None
    try:
        moment, number = _opened(cursor).decode("ascii").split(" ")
        at = datetime.fromisoformat(moment)
        return at.astimezone(UTC), msgspec.convert(number, Number, strict=False)
    except (ValueError, OverflowError, msgspec.ValidationError) as fault:
        raise Invalid("cursor", NOT_OURS) from fault


def task_cursor(reached: TaskPosition) -> str:
    """Where a page of tasks ended."""
    return _sealed(msgspec.json.encode(reached))


def read_task_cursor(cursor: str, sort: TaskSort) -> TaskPosition | None:
    """The position behind a cursor, of this order. Raises Invalid."""
    if not cursor:
        return None
    try:
        place = msgspec.json.decode(_opened(cursor), type=TaskPosition)
        at = place.at.astimezone(UTC)
        # What no task can have, a database might refuse.
        if "\0" in place.title or place.id not in NUMBERS or -place.urgency not in range(len(Priority)):
            raise ValueError(cursor)
    except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as fault:
        raise Invalid("cursor", NOT_OURS) from fault
    if place.sort is not sort:
        raise Invalid("cursor", f"goes on in the order {place.sort.value}, not {sort.value}")
    return replace(place, at=at)


def read_message_cursor(cursor: str | None) -> int | None:
    """The message behind a cursor. Raises Invalid."""
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < CURSOR_DIGITS):
        raise Invalid("cursor", NOT_OURS)
    return int(cursor)


def _sealed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _opened(cursor: str) -> bytes:
    return base64.b64decode(cursor, altchars=b"-_", validate=True)
