"""Conversations: messages, the tool calls under them, and the window of history that a turn sees."""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Raw, Struct

from domain.errors import Invalid
from domain.tasks import one_line, printable

MESSAGE_MAX = 4000
TITLE_MAX = 120
TITLE_FROM_MESSAGE = 60
KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
HISTORY_MESSAGES = 40
HISTORY_CHARACTERS = 24_000


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """How far a message came. A reply is in progress from the moment its turn opens."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


# Until Python 3.12 to look a member up in its class costs as much as to make a small object.
USER, ASSISTANT, IN_PROGRESS = Role.USER, Role.ASSISTANT, MessageStatus.IN_PROGRESS


class Feedback(StrEnum):
    """What a person thinks of a reply."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class ToolError(Struct, frozen=True):
    """Why a tool did nothing."""

    code: str
    message: str


class ToolCall(Struct, frozen=True, omit_defaults=True):
    """One call of a tool, as it went: JSON arguments, and a JSON result or an error."""

    name: str
    arguments: Raw
    result: Raw | None = None
    error: ToolError | None = None


class QuestionKind(StrEnum):
    """What a question waits for: one of the tasks, yes or no, which tool, a title, or what to change."""

    WHICH = "which"
    CONFIRM = "confirm"
    TOOL = "tool"
    TITLE = "title"
    CHANGE = "change"


class Question(Struct, frozen=True, omit_defaults=True):
    """What the assistant asked before acting, bound to exactly these tasks; only the next message answers it.

    `tool` is what to call for the chosen tasks, `arguments` what to call it with besides the task, as JSON.
    """

    kind: QuestionKind
    tool: str
    task_ids: tuple[int, ...] = ()
    arguments: Raw = Raw(b"{}")


class Message(Struct, frozen=True):
    """One message. `id` counts from 1 within its conversation; `created_at` is aware UTC.

    A turn stands in its reply: it runs as long as that is in progress, and `is_stopping` when it was asked to end.
    """

    id: int
    role: Role
    text: str
    created_at: datetime
    status: MessageStatus = MessageStatus.COMPLETED
    turn_id: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    question: Question | None = None
    feedback: Feedback | None = None
    is_stopping: bool = False

    def is_open(self, turn_id: str) -> bool:
        """Whether it is the reply of this turn, and the turn still runs."""
        return self.status is IN_PROGRESS and self.turn_id == turn_id


class Conversation(Struct, frozen=True):
    """One conversation of one user: a number from 1, and a name by which its client knows it.

    It is updated when something is said in it, not when the reply to that has come to its end.
    """

    id: int
    key: str
    title: str
    created_at: datetime
    updated_at: datetime
    message_count: int = 0


class TurnKey(Struct, frozen=True):
    """Under which Idempotency-Key a turn was asked, and a digest of all that was asked."""

    idempotency_key: str
    fingerprint: str


class KeyedTurn(Struct, frozen=True):
    """A turn that was asked under an Idempotency-Key: its reply, and the digest of what was asked."""

    conversation_id: int
    reply: Message
    fingerprint: str


class Correction(Struct, frozen=True):
    """A reply that claimed a change which no tool made, the claims in it, and the tool calls that there really were."""

    reply: str
    claims: tuple[str, ...]
    calls: tuple[ToolCall, ...]


class Turn(Struct, frozen=True):
    """What an assistant is given: the message, what was said before it (oldest first), and when and where it is.

    With a `correction` it answers the same message again, after what it said there.
    """

    id: str
    conversation: Conversation
    message: str
    history: tuple[Message, ...]
    now: datetime
    timezone: str
    correction: Correction | None = None

    @property
    def reply_id(self) -> int:
        """The number of its reply; `conversation` is as it was before the message."""
        return self.conversation.message_count + 2


def checked_message(text: str) -> str:
    """1 to 4,000 characters after trimming; raises Invalid."""
    message = printable(text).strip()
    if not message:
        raise Invalid("message", "must not be empty")
    if len(message) > MESSAGE_MAX:
        raise Invalid("message", f"must have at most {MESSAGE_MAX} characters, has {len(message)}")
    return message


def checked_key(key: str) -> str:
    """A client's own name for a conversation; raises Invalid."""
    if not KEY.fullmatch(key):
        raise Invalid("conversation_id", "must be an integer, or 1 to 64 characters of A-Z a-z 0-9 _ . : -")
    return key


def checked_title(title: str) -> str:
    """One line of 1 to 120 characters; raises Invalid."""
    line = one_line(title)
    if not 0 < len(line) <= TITLE_MAX:
        raise Invalid("title", f"must have 1 to {TITLE_MAX} characters")
    return line


def title_from(message: str) -> str:
    """The title of a conversation that begins with this message: its beginning, cut at a word."""
    line = one_line(message)
    if len(line) <= TITLE_FROM_MESSAGE:
        return line
    return (line[:TITLE_FROM_MESSAGE].rpartition(" ")[0] or line[:TITLE_FROM_MESSAGE]) + "…"


def window(newest: list[Message], characters: int = HISTORY_CHARACTERS) -> tuple[Message, ...]:
    """As many of the newest messages as fit, oldest first; begins with a message of the user."""
    kept: list[Message] = []
    room = characters
    for message in newest:
        room -= len(message.text)
        if room < 0 and kept:
            break
        kept.append(message)
    while kept and kept[-1].role is not USER:
        kept.pop()
    return tuple(kept[::-1])
