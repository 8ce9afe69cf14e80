"""One user's conversations and messages in SQL."""

from datetime import datetime
from functools import cache

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace
from sqlalchemy import BindParameter, Integer, Text, bindparam, delete, func, insert, or_, select, tuple_, update

from adapters.storage.sql.owner import Owner
from adapters.storage.sql.statements import Database, Row, Statement, constant
from adapters.storage.sql.tables import NUMBERS, conversations, messages
from application.ports import ConversationRepository
from domain.conversations import (
    Conversation,
    Feedback,
    KeyedTurn,
    Message,
    MessageStatus,
    Question,
    Role,
    ToolCall,
    ToolError,
    TurnKey,
)
from domain.errors import TurnGivenUp

ME: BindParameter[str] = bindparam("me")
OWN = conversations.c.user_id == ME
PLACE = (OWN, conversations.c.id == bindparam("place"))
SAID_THERE = (messages.c.user_id == ME, messages.c.conversation_id == bindparam("place"))
MESSAGE = (*SAID_THERE, messages.c.id == bindparam("number"))
STOPPING = "stopping"
"""What is kept as the status of a reply in progress whose turn was asked to end."""
ROLES = {role.value: role for role in Role}
STATUSES = {STOPPING: MessageStatus.IN_PROGRESS} | {status.value: status for status in MessageStatus}
IS_RUNNING = or_(*(messages.c.status == constant(status) for status in (MessageStatus.IN_PROGRESS.value, STOPPING)))
OPEN = (*MESSAGE, messages.c.turn_id == bindparam("turn"), IS_RUNNING)
OPENED = ("me", "place", "number", "turn")
ENDED = ("text", "status", "question", "created_at")
CALL: BindParameter[str] = bindparam("call", type_=Text)
WITH_CALL = func.coalesce(messages.c.tool_calls + CALL, messages.c.tool_calls, CALL)
LIMIT: BindParameter[int] = bindparam("limit", type_=Integer)

# The driver pays for each column it brings.
PLACES = select(*(column for column in conversations.columns if column.name != "user_id")).where(OWN)
FIND_BY_ID = Statement(PLACES.where(conversations.c.id == bindparam("reference")), "me", "reference")
FIND_BY_KEY = Statement(PLACES.where(conversations.c.key == bindparam("reference")), "me", "reference")
START = Statement(insert(conversations), "user_id", "id", "key", "title", "created_at", "updated_at", "message_count")
RENAME = Statement(update(conversations).where(*PLACE), "title", "me", "place")
REMOVE = Statement(delete(conversations).where(*PLACE), "me", "place")
GROW = Statement(
    update(conversations).where(*PLACE).values(message_count=conversations.c.message_count + bindparam("added")),
    "updated_at",
    "added",
    "me",
    "place",
)
SHRINK = Statement(update(conversations).where(*PLACE), "message_count", "me", "place")
# Most messages have no more than this; an absent value costs as much to write as another.
PLAIN = ("user_id", "conversation_id", "id", "role", "text", "status", "turn_id", "created_at")
APPEND_PLAIN = Statement(insert(messages), *PLAIN)
APPEND = Statement(insert(messages), *PLAIN, "tool_calls", "question", "feedback", "idempotency_key", "fingerprint")
FINISH_PLAIN = Statement(update(messages).where(*OPEN, messages.c.tool_calls.is_(None)), *ENDED, "tool_calls", *OPENED)
FINISH = Statement(
    update(messages).where(*OPEN).values(tool_calls=WITH_CALL).returning(messages.c.tool_calls), *ENDED, "call", *OPENED
)
RECORD = Statement(update(messages).where(*OPEN).values(tool_calls=WITH_CALL), "call", *OPENED)
BEAT = Statement(update(messages).where(*OPEN), "created_at", *OPENED)
MARK = Statement(update(messages).where(*OPEN), "status", *OPENED)
RATE = Statement(update(messages).where(*MESSAGE), "feedback", "me", "place", "number")
CUT = Statement(delete(messages).where(*SAID_THERE, messages.c.id >= bindparam("number")), "me", "place", "number")
SHOWN = [
    messages.c[name]
    for name in ("id", "role", "text", "created_at", "status", "turn_id", "tool_calls", "question", "feedback")
]
READ = Statement(select(*SHOWN).where(*MESSAGE), "me", "place", "number")
THERE = select(*SHOWN).where(*SAID_THERE).order_by(messages.c.id.desc()).limit(LIMIT)
NEWEST = Statement(THERE, "me", "place", "limit")
NEWEST_BEFORE = Statement(THERE.where(messages.c.id < bindparam("before")), "me", "place", "before", "limit")
WITH_KEY = Statement(
    select(messages.c.conversation_id, messages.c.fingerprint, *SHOWN).where(
        messages.c.user_id == ME, messages.c.idempotency_key == bindparam("key")
    ),
    "me",
    "key",
)


class _Call(Struct, omit_defaults=True):
    """A tool call as it is kept; no result is an empty one."""

    name: str
    arguments: Raw
    result: Raw = Raw(b"")
    error: ToolError | None = None


JSON = msgspec.json.Encoder()
CALLS = msgspec.json.Decoder(list[_Call])
QUESTION = msgspec.json.Decoder(Question)


@cache
def _page(is_further: bool, oldest_first: bool) -> Statement:
    position = tuple_(conversations.c.updated_at, conversations.c.id)
    statement = PLACES
    if is_further:
        edge = tuple_(
            bindparam("seen_at", type_=conversations.c.updated_at.type),
            bindparam("seen_id", type_=conversations.c.id.type),
        )
        statement = statement.where(position > edge if oldest_first else position < edge)
    order = [
        column.asc() if oldest_first else column.desc() for column in (conversations.c.updated_at, conversations.c.id)
    ]
    seen = ("seen_at", "seen_id") if is_further else ()
    return Statement(statement.order_by(*order).limit(LIMIT), "me", *seen, "limit")


class SqlConversations(ConversationRepository):
    """See the port; every statement names the user."""

    def __init__(self, database: Database, owner: Owner) -> None:
        self._database = database
        self._user_id = owner.user_id
        self._owner = owner

    def find(self, reference: int | str) -> Conversation | None:
        """See the port."""
        if not _can_be_asked(reference):
            return None
        statement = FIND_BY_ID if isinstance(reference, int) else FIND_BY_KEY
        row = self._database.first(statement, self._user_id, reference)
        return Conversation(*row) if row else None

    def start(self, key: str, title: str, at: datetime) -> Conversation:
        """See the port."""
        place = Conversation(self._owner.next_conversation(), key, title, at, at)
        self._database.change(START, self._user_id, place.id, key, title, at, at, 0)
        return place

    def rename(self, conversation_id: int, title: str) -> None:
        """See the port."""
        self._database.change(RENAME, title, self._user_id, conversation_id)

    def remove(self, conversation_id: int) -> None:
        """See the port; messages go by the foreign key."""
        self._database.change(REMOVE, self._user_id, conversation_id)

    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """See the port."""
        found = self._database.all(_page(seen is not None, oldest_first), self._user_id, *(seen or ()), limit)
        return [Conversation(*row) for row in found]

    def append(self, conversation_id: int, *said: Message, key: TurnKey | None = None) -> None:
        """See the port."""
        me, last = self._user_id, said[-1]
        rows = [(me, conversation_id, *_plain(message)) for message in said]
        if key or any(message.tool_calls or message.question or message.feedback for message in said):
            further = [_further(message, key if message is last else None) for message in said]
            self._database.add(APPEND, [row + more for row, more in zip(rows, further, strict=True)])
        else:
            self._database.add(APPEND_PLAIN, rows)
        self._database.change(GROW, last.created_at, len(said), me, conversation_id)

    def finish(self, conversation_id: int, reply: Message, last: ToolCall | None = None) -> Message | None:
        """See the port."""
        ended = (reply.text, str(reply.status), _asked(reply.question), reply.created_at)
        call = _kept(last) if last else None
        place = (self._user_id, conversation_id, reply.id, reply.turn_id)
        # Mostly no call was recorded before; to have those that were brought back costs as much again.
        if self._database.change(FINISH_PLAIN, *ended, call, *place):
            return replace(reply, tool_calls=(last,) if last else ())
        row = self._database.first(FINISH, *ended, call, *place)
        return replace(reply, tool_calls=_calls(row[0])) if row else None

    def record(self, conversation_id: int, reply_id: int, turn_id: str, call: ToolCall) -> None:
        """See the port."""
        if not self._database.change(RECORD, _kept(call), self._user_id, conversation_id, reply_id, turn_id):
            raise TurnGivenUp

    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        """See the port."""
        self._database.change(RATE, feedback.value, self._user_id, conversation_id, message_id)

    def cut(self, conversation_id: int, message_id: int) -> None:
        """See the port."""
        self._database.change(CUT, self._user_id, conversation_id, message_id)
        self._database.change(SHRINK, message_id - 1, self._user_id, conversation_id)

    def message(self, conversation_id: int, message_id: int) -> Message | None:
        """See the port."""
        row = self._database.first(READ, self._user_id, conversation_id, message_id)
        return _message(row) if row else None

    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """See the port; reads by the primary key from its end, whatever the length of the conversation."""
        if before is None:
            rows = self._database.all(NEWEST, self._user_id, conversation_id, limit)
        else:
            rows = self._database.all(NEWEST_BEFORE, self._user_id, conversation_id, before, limit)
        return [_message(row) for row in rows]

    def beat(self, conversation_id: int, reply_id: int, turn_id: str, at: datetime) -> None:
        """See the port."""
        self._database.change(BEAT, at, self._user_id, conversation_id, reply_id, turn_id)

    def mark_stopping(self, conversation_id: int, reply_id: int, turn_id: str) -> None:
        """See the port."""
        self._database.change(MARK, STOPPING, self._user_id, conversation_id, reply_id, turn_id)

    def turn_with_key(self, idempotency_key: str) -> KeyedTurn | None:
        """See the port."""
        row = self._database.first(WITH_KEY, self._user_id, idempotency_key)
        if row is None:
            return None
        conversation_id, fingerprint, *reply = row
        return KeyedTurn(conversation_id, _message(reply), fingerprint)


def _can_be_asked(reference: int | str) -> bool:
    """Whether the drivers take it; what they refuse is no conversation's."""
    return reference in NUMBERS if isinstance(reference, int) else "\0" not in reference


def _plain(message: Message) -> tuple[object, ...]:
    """What every message has, as PLAIN goes on."""
    return message.id, str(message.role), message.text, str(message.status), message.turn_id, message.created_at


def _further(message: Message, key: TurnKey | None) -> tuple[object, ...]:
    """What few messages have."""
    return (
        "".join(map(_kept, message.tool_calls)) or None,
        _asked(message.question),
        message.feedback and str(message.feedback),
        key and key.idempotency_key,
        key and key.fingerprint,
    )


def _message(row: Row) -> Message:
    """A row of what is SHOWN."""
    number, role, text, created_at, status, turn_id, calls, question, feedback = row
    return Message(
        number,
        ROLES[role],
        text,
        created_at,
        STATUSES[status],
        turn_id,
        _calls(calls) if calls else (),
        QUESTION.decode(question) if question else None,
        Feedback(feedback) if feedback else None,
        status == STOPPING,
    )


def _asked(question: Question | None) -> str | None:
    return JSON.encode(question).decode() if question else None


def _kept(call: ToolCall) -> str:
    """As it stands among the calls of a message, each with a comma after it."""
    return f"{JSON.encode(call).decode()},"


def _calls(kept: str | None) -> tuple[ToolCall, ...]:
    found = CALLS.decode(f"[{kept[:-1]}]") if kept else []
    return tuple([ToolCall(call.name, call.arguments, call.result or None, call.error) for call in found])
