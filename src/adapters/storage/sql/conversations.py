"""One user's conversations, messages, tool calls and turns in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import msgspec
from msgspec import Raw
from sqlalchemy import BindParameter, Integer, bindparam, delete, func, insert, or_, select, tuple_, update

from adapters.storage.sql.owner import Owner
from adapters.storage.sql.statements import Conflict, Database, Row, Statement
from adapters.storage.sql.tables import NUMBERS, conversations, messages, tool_calls, turns
from application.ports import ConversationRepository
from domain.conversations import (
    Conversation,
    Feedback,
    Message,
    MessageStatus,
    Question,
    Role,
    ToolCall,
    ToolError,
    TurnRecord,
    TurnStatus,
)
from domain.errors import ConversationNotFound

ME: BindParameter[str] = bindparam("me")
OWN = conversations.c.user_id == ME
PLACE = (OWN, conversations.c.id == bindparam("place"))
SAID_THERE = (messages.c.user_id == ME, messages.c.conversation_id == bindparam("place"))
MESSAGE = (*SAID_THERE, messages.c.id == bindparam("number"))
CALLS = (
    tool_calls.c.user_id == ME,
    tool_calls.c.conversation_id == bindparam("place"),
    tool_calls.c.message_id.between(bindparam("first"), bindparam("last")),
)
TURN = (turns.c.user_id == ME, turns.c.id == bindparam("turn"))
LIMIT: BindParameter[int] = bindparam("limit", type_=Integer)

FIND_BY_ID = Statement(select(conversations).where(OWN, conversations.c.id == bindparam("reference")))
FIND_BY_KEY = Statement(select(conversations).where(OWN, conversations.c.key == bindparam("reference")))
START = Statement(insert(conversations))
RENAME = Statement(update(conversations).where(*PLACE), writes=("title",))
REMOVE = Statement(delete(conversations).where(*PLACE))
APPEND = Statement(insert(messages))
GROW = Statement(
    update(conversations).where(*PLACE).values(message_count=conversations.c.message_count + bindparam("added")),
    writes=("updated_at",),
)
TOUCH = Statement(update(conversations).where(*PLACE), writes=("updated_at",))
FINISH = Statement(update(messages).where(*MESSAGE), writes=("text", "status", "question", "created_at"))
RECORD = Statement(
    insert(tool_calls).values(position=select(func.count()).where(*CALLS).scalar_subquery()),
    writes=("user_id", "conversation_id", "message_id", "name", "arguments", "result", "error"),
)
RATE = Statement(update(messages).where(*MESSAGE), writes=("feedback",))
CUT_MESSAGES = Statement(delete(messages).where(*SAID_THERE, messages.c.id >= bindparam("number")))
CUT_TURNS = Statement(
    delete(turns).where(
        turns.c.user_id == ME, turns.c.conversation_id == bindparam("place"), turns.c.reply_id >= bindparam("number")
    )
)
SHRINK = Statement(update(conversations).where(*PLACE), writes=("message_count",))
READ = Statement(select(messages).where(*MESSAGE))
NEWEST = Statement(select(messages).where(*SAID_THERE).order_by(messages.c.id.desc()).limit(LIMIT))
NEWEST_BEFORE = Statement(
    select(messages).where(*SAID_THERE, messages.c.id < bindparam("before")).order_by(messages.c.id.desc()).limit(LIMIT)
)
READ_CALLS = Statement(select(tool_calls).where(*CALLS).order_by(tool_calls.c.message_id, tool_calls.c.position))
OPEN_TURN = Statement(insert(turns))
IS_OPEN = or_(*(turns.c.status == status.value for status in (TurnStatus.RUNNING, TurnStatus.STOPPING)))
CLOSE_TURN = Statement(update(turns).where(*TURN, IS_OPEN), writes=("status", "finished_at"))
READ_TURN = Statement(select(turns).where(*TURN))
TURN_WITH_KEY = Statement(select(turns).where(turns.c.user_id == ME, turns.c.idempotency_key == bindparam("key")))
BEAT = Statement(
    update(messages).where(*MESSAGE, messages.c.status == MessageStatus.IN_PROGRESS.value), writes=("created_at",)
)
MARK = Statement(update(turns).where(*TURN, turns.c.status == TurnStatus.RUNNING.value), writes=("status",))


@cache
def _page(is_further: bool, oldest_first: bool) -> Statement:
    position = tuple_(conversations.c.updated_at, conversations.c.id)
    statement = select(conversations).where(OWN)
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
        """See the port; messages, tool calls and turns go by the foreign keys."""
        self._database.change(REMOVE, me=self._user_id, place=conversation_id)

    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """See the port."""
        values = {"me": self._user_id, "limit": limit}
        edge = {"seen_at": seen[0], "seen_id": seen[1]} if seen else {}
        rows = self._database.all(_page(seen is not None, oldest_first), **values, **edge)
        return [_conversation(row) for row in rows]

    def append(self, conversation_id: int, *said: Message) -> None:
        """See the port."""
        for message in said:
            self._database.change(
                APPEND,
                user_id=self._user_id,
                conversation_id=conversation_id,
                id=message.id,
                role=message.role.value,
                turn_id=message.turn_id,
                feedback=None,
                **_written(message),
            )
        updated_at = said[-1].created_at
        self._database.change(GROW, me=self._user_id, place=conversation_id, added=len(said), updated_at=updated_at)

    def finish(self, conversation_id: int, message: Message) -> None:
        """See the port."""
        self._database.change(FINISH, me=self._user_id, place=conversation_id, number=message.id, **_written(message))
        self._database.change(TOUCH, me=self._user_id, place=conversation_id, updated_at=message.created_at)

    def record(self, conversation_id: int, message_id: int, call: ToolCall) -> None:
        """See the port."""
        try:
            self._database.change(
                RECORD,
                me=self._user_id,
                place=conversation_id,
                first=message_id,
                last=message_id,
                user_id=self._user_id,
                conversation_id=conversation_id,
                message_id=message_id,
                name=call.name,
                arguments=bytes(call.arguments).decode(),
                result=bytes(call.result).decode() if call.result is not None else None,
                error=msgspec.json.encode(call.error).decode() if call.error else None,
            )
        except Conflict as gone:
            raise ConversationNotFound(conversation_id) from gone

    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        """See the port."""
        self._database.change(RATE, me=self._user_id, place=conversation_id, number=message_id, feedback=feedback.value)

    def cut(self, conversation_id: int, message_id: int) -> None:
        """See the port; tool calls go by the foreign key."""
        for statement in (CUT_MESSAGES, CUT_TURNS):
            self._database.change(statement, me=self._user_id, place=conversation_id, number=message_id)
        self._database.change(SHRINK, me=self._user_id, place=conversation_id, message_count=message_id - 1)

    def message(self, conversation_id: int, message_id: int) -> Message | None:
        """See the port."""
        rows = self._database.all(READ, me=self._user_id, place=conversation_id, number=message_id)
        found = self._with_calls(conversation_id, rows)
        return found[0] if found else None

    def tool_calls(self, conversation_id: int, message_id: int) -> tuple[ToolCall, ...]:
        """See the port."""
        found = self._database.all(
            READ_CALLS, me=self._user_id, place=conversation_id, first=message_id, last=message_id
        )
        return tuple(_call(row) for row in found)

    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """See the port; reads by the primary key from its end, whatever the length of the conversation."""
        values = {"me": self._user_id, "place": conversation_id, "limit": limit}
        if before is None:
            rows = self._database.all(NEWEST, **values)
        else:
            rows = self._database.all(NEWEST_BEFORE, **values, before=before)
        return self._with_calls(conversation_id, rows)

    def open_turn(self, turn: TurnRecord) -> None:
        """See the port."""
        self._database.change(
            OPEN_TURN,
            user_id=self._user_id,
            id=turn.id,
            conversation_id=turn.conversation_id,
            message_id=turn.message_id,
            reply_id=turn.reply_id,
            status=turn.status.value,
            idempotency_key=turn.idempotency_key,
            fingerprint=turn.fingerprint,
            started_at=turn.started_at,
            finished_at=turn.finished_at,
        )

    def close_turn(self, turn_id: str, status: TurnStatus, at: datetime) -> bool:
        """See the port."""
        return (
            self._database.change(CLOSE_TURN, me=self._user_id, turn=turn_id, status=status.value, finished_at=at) > 0
        )

    def turn(self, turn_id: str) -> TurnRecord | None:
        """See the port."""
        row = self._database.first(READ_TURN, me=self._user_id, turn=turn_id)
        return _turn(row) if row else None

    def beat(self, turn_id: str, at: datetime) -> None:
        """See the port."""
        turn = self.turn(turn_id)
        if turn:
            self._database.change(
                BEAT, me=self._user_id, place=turn.conversation_id, number=turn.reply_id, created_at=at
            )

    def mark_stopping(self, turn_id: str) -> None:
        """See the port."""
        self._database.change(MARK, me=self._user_id, turn=turn_id, status=TurnStatus.STOPPING.value)

    def turn_with_key(self, idempotency_key: str) -> TurnRecord | None:
        """See the port."""
        row = self._database.first(TURN_WITH_KEY, me=self._user_id, key=idempotency_key)
        return _turn(row) if row else None

    def _with_calls(self, conversation_id: int, rows: Sequence[Row]) -> list[Message]:
        if not rows:
            return []
        numbers = [row["id"] for row in rows]
        found = self._database.all(
            READ_CALLS, me=self._user_id, place=conversation_id, first=min(numbers), last=max(numbers)
        )
        calls: defaultdict[int, list[ToolCall]] = defaultdict(list)
        for row in found:
            calls[row["message_id"]].append(_call(row))
        return [_message(row, tuple(calls[row["id"]])) for row in rows]


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


def _message(row: Row, calls: tuple[ToolCall, ...]) -> Message:
    return Message(
        id=row["id"],
        role=Role(row["role"]),
        text=row["text"],
        created_at=row["created_at"],
        status=MessageStatus(row["status"]),
        turn_id=row["turn_id"],
        tool_calls=calls,
        question=msgspec.json.decode(row["question"], type=Question) if row["question"] else None,
        feedback=Feedback(row["feedback"]) if row["feedback"] else None,
    )


def _call(row: Row) -> ToolCall:
    return ToolCall(
        name=row["name"],
        arguments=Raw(row["arguments"].encode()),
        result=Raw(row["result"].encode()) if row["result"] is not None else None,
        error=msgspec.json.decode(row["error"], type=ToolError) if row["error"] else None,
    )


def _turn(row: Row) -> TurnRecord:
    return TurnRecord(
        id=row["id"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        reply_id=row["reply_id"],
        started_at=row["started_at"],
        status=TurnStatus(row["status"]),
        idempotency_key=row["idempotency_key"],
        fingerprint=row["fingerprint"],
        finished_at=row["finished_at"],
    )
