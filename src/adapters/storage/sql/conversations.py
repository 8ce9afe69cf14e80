"""One user's conversations and messages in SQL."""

from datetime import datetime
from functools import cache

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace
from sqlalchemy import BindParameter, Integer, Text, bindparam, delete, func, insert, or_, select, tuple_, update

from adapters.storage.sql.owner import Owner
from adapters.storage.sql.statements import Database, Row, Statement
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
IS_RUNNING = or_(*(messages.c.status == status for status in (MessageStatus.IN_PROGRESS.value, STOPPING)))
OPEN = (*MESSAGE, messages.c.turn_id == bindparam("turn"), IS_RUNNING)
LIMIT: BindParameter[int] = bindparam("limit", type_=Integer)

# The driver pays for each column it brings.
PLACES = select(*(column for column in conversations.columns if column.name != "user_id")).where(OWN)
FIND_BY_ID = Statement(PLACES.where(conversations.c.id == bindparam("reference")))
FIND_BY_KEY = Statement(PLACES.where(conversations.c.key == bindparam("reference")))
START = Statement(insert(conversations))
RENAME = Statement(update(conversations).where(*PLACE), writes=("title",))
REMOVE = Statement(delete(conversations).where(*PLACE))
APPEND = Statement(insert(messages))
GROW = Statement(
    update(conversations).where(*PLACE).values(message_count=conversations.c.message_count + bindparam("added")),
    writes=("updated_at",),
)
CALL: BindParameter[str] = bindparam("call", type_=Text)
WITH_CALL = func.coalesce(messages.c.tool_calls + CALL, messages.c.tool_calls, CALL)
FINISH = Statement(
    update(messages).where(*OPEN).values(tool_calls=WITH_CALL).returning(messages.c.tool_calls),
    writes=("text", "status", "question", "created_at"),
)
RECORD = Statement(update(messages).where(*OPEN).values(tool_calls=WITH_CALL))
BEAT = Statement(update(messages).where(*OPEN), writes=("created_at",))
MARK = Statement(update(messages).where(*OPEN), writes=("status",))
RATE = Statement(update(messages).where(*MESSAGE), writes=("feedback",))
CUT = Statement(delete(messages).where(*SAID_THERE, messages.c.id >= bindparam("number")))
SHRINK = Statement(update(conversations).where(*PLACE), writes=("message_count",))
SHOWN = [
    messages.c[name]
    for name in ("id", "role", "text", "created_at", "status", "turn_id", "tool_calls", "question", "feedback")
]
READ = Statement(select(*SHOWN).where(*MESSAGE))
NEWEST = Statement(select(*SHOWN).where(*SAID_THERE).order_by(messages.c.id.desc()).limit(LIMIT))
NEWEST_BEFORE = Statement(
    select(*SHOWN).where(*SAID_THERE, messages.c.id < bindparam("before")).order_by(messages.c.id.desc()).limit(LIMIT)
)
WITH_KEY = Statement(
    select(*SHOWN, messages.c.conversation_id, messages.c.fingerprint).where(
        messages.c.user_id == ME, messages.c.idempotency_key == bindparam("key")
    )
)


class _Call(Struct, omit_defaults=True):
    """A tool call as it is kept; no result is an empty one."""

    name: str
    arguments: Raw
    result: Raw = Raw(b"")
    error: ToolError | None = None


CALLS = msgspec.json.Decoder(list[_Call])


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
    return Statement(statement.order_by(*order).limit(LIMIT))


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
        row = self._database.first(statement, me=self._user_id, reference=reference)
        return _conversation(row) if row else None

    def start(self, key: str, title: str, at: datetime) -> Conversation:
        """See the port."""
        place = Conversation(self._owner.next_conversation(), key, title, at, at)
        self._database.change(
            START,
            user_id=self._user_id,
            id=place.id,
            key=key,
            title=title,
            created_at=at,
            updated_at=at,
            message_count=0,
        )
        return place

    def rename(self, conversation_id: int, title: str) -> None:
        """See the port."""
        self._database.change(RENAME, me=self._user_id, place=conversation_id, title=title)

    def remove(self, conversation_id: int) -> None:
        """See the port; messages go by the foreign key."""
        self._database.change(REMOVE, me=self._user_id, place=conversation_id)

    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """See the port."""
        values = {"me": self._user_id, "limit": limit}
        edge = {"seen_at": seen[0], "seen_id": seen[1]} if seen else {}
        rows = self._database.all(_page(seen is not None, oldest_first), **values, **edge)
        return [_conversation(row) for row in rows]

    def append(self, conversation_id: int, *said: Message, key: TurnKey | None = None) -> None:
        """See the port."""
        keys = [None] * (len(said) - 1) + [key]
        self._database.add(APPEND, [self._row(conversation_id, *of) for of in zip(said, keys, strict=True)])
        updated_at = said[-1].created_at
        self._database.change(GROW, me=self._user_id, place=conversation_id, added=len(said), updated_at=updated_at)

    def finish(self, conversation_id: int, reply: Message, last: ToolCall | None = None) -> Message | None:
        """See the port."""
        row = self._database.first(
            FINISH,
            **self._of_turn(conversation_id, reply.id, reply.turn_id),
            **_written(reply),
            call=_kept(last) if last else None,
        )
        return replace(reply, tool_calls=_calls(row["tool_calls"])) if row else None

    def record(self, conversation_id: int, reply_id: int, turn_id: str, call: ToolCall) -> None:
        """See the port."""
        if not self._change_open(RECORD, conversation_id, reply_id, turn_id, call=_kept(call)):
            raise TurnGivenUp

    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        """See the port."""
        self._database.change(RATE, me=self._user_id, place=conversation_id, number=message_id, feedback=feedback.value)

    def cut(self, conversation_id: int, message_id: int) -> None:
        """See the port."""
        self._database.change(CUT, me=self._user_id, place=conversation_id, number=message_id)
        self._database.change(SHRINK, me=self._user_id, place=conversation_id, message_count=message_id - 1)

    def message(self, conversation_id: int, message_id: int) -> Message | None:
        """See the port."""
        row = self._database.first(READ, me=self._user_id, place=conversation_id, number=message_id)
        return _message(row) if row else None

    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """See the port; reads by the primary key from its end, whatever the length of the conversation."""
        values = {"me": self._user_id, "place": conversation_id, "limit": limit}
        if before is None:
            rows = self._database.all(NEWEST, **values)
        else:
            rows = self._database.all(NEWEST_BEFORE, **values, before=before)
        return [_message(row) for row in rows]

    def beat(self, conversation_id: int, reply_id: int, turn_id: str, at: datetime) -> None:
        """See the port."""
        self._change_open(BEAT, conversation_id, reply_id, turn_id, created_at=at)

    def mark_stopping(self, conversation_id: int, reply_id: int, turn_id: str) -> None:
        """See the port."""
        self._change_open(MARK, conversation_id, reply_id, turn_id, status=STOPPING)

    def turn_with_key(self, idempotency_key: str) -> KeyedTurn | None:
        """See the port."""
        row = self._database.first(WITH_KEY, me=self._user_id, key=idempotency_key)
        return KeyedTurn(row["conversation_id"], _message(row), row["fingerprint"]) if row else None

    def _change_open(
        self, statement: Statement, conversation_id: int, reply_id: int, turn_id: str | None, **values: object
    ) -> bool:
        """Change the reply of a turn that runs; False where it does not."""
        place = self._of_turn(conversation_id, reply_id, turn_id)
        return self._database.change(statement, **place, **values) > 0

    def _of_turn(self, conversation_id: int, reply_id: int, turn_id: str | None) -> Row:
        return {"me": self._user_id, "place": conversation_id, "number": reply_id, "turn": turn_id}

    def _row(self, conversation_id: int, message: Message, key: TurnKey | None) -> dict[str, object]:
        return {
            "user_id": self._user_id,
            "conversation_id": conversation_id,
            "id": message.id,
            "role": message.role.value,
            "turn_id": message.turn_id,
            "feedback": None,
            "tool_calls": "".join(map(_kept, message.tool_calls)) or None,
            "idempotency_key": key and key.idempotency_key,
            "fingerprint": key and key.fingerprint,
            **_written(message),
        }


def _can_be_asked(reference: int | str) -> bool:
    """Whether the drivers take it; what they refuse is no conversation's."""
    return reference in NUMBERS if isinstance(reference, int) else "\0" not in reference


def _written(message: Message) -> dict[str, object]:
    return {
        "text": message.text,
        "status": message.status.value,
        "question": msgspec.json.encode(message.question).decode() if message.question else None,
        "created_at": message.created_at,
    }


def _conversation(row: Row) -> Conversation:
    return Conversation(
        id=row["id"],
        key=row["key"],
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        message_count=row["message_count"],
    )


def _message(row: Row) -> Message:
    status = row["status"]
    return Message(
        id=row["id"],
        role=ROLES[row["role"]],
        text=row["text"],
        created_at=row["created_at"],
        status=STATUSES[status],
        turn_id=row["turn_id"],
        tool_calls=_calls(row["tool_calls"]),
        question=msgspec.json.decode(row["question"], type=Question) if row["question"] else None,
        feedback=Feedback(row["feedback"]) if row["feedback"] else None,
        is_stopping=status == STOPPING,
    )


def _kept(call: ToolCall) -> str:
    """As it stands among the calls of a message, each with a comma after it."""
    return f"{msgspec.json.encode(call).decode()},"


def _calls(kept: str | None) -> tuple[ToolCall, ...]:
    if not kept:
        return ()
    found = CALLS.decode(f"[{kept[:-1]}]")
    return tuple(ToolCall(call.name, call.arguments, call.result or None, call.error) for call in found)
