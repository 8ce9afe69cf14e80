"""One user's conversations, messages, tool calls and turns in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Raw
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from adapters.storage.sql.tables import NUMBERS, conversations, messages, tool_calls, turns, users
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


class SqlConversations(ConversationRepository):
    """See the port; every statement names the user."""

    def __init__(self, connection: Connection, user_id: str, last_id: int) -> None:
        self._connection = connection
        self._user_id = user_id
        self._last_id = last_id

    def find(self, reference: int | str) -> Conversation | None:
        """See the port."""
        if not _can_be_asked(reference):
            return None
        column = conversations.c.id if isinstance(reference, int) else conversations.c.key
        statement = select(conversations).where(conversations.c.user_id == self._user_id, column == reference)
        row = self._connection.execute(statement).mappings().first()
        return _conversation(row) if row else None

    def start(self, key: str, title: str, at: datetime) -> Conversation:
        """See the port."""
        self._last_id += 1
        self._connection.execute(
            update(users).where(users.c.user_id == self._user_id).values(last_conversation=self._last_id)
        )
        place = Conversation(self._last_id, key, title, at, at)
        self._connection.execute(
            insert(conversations).values(
                user_id=self._user_id, id=place.id, key=key, title=title, created_at=at, updated_at=at, message_count=0
            )
        )
        return place

    def rename(self, conversation_id: int, title: str) -> None:
        """See the port."""
        self._connection.execute(update(conversations).where(*self._place(conversation_id)).values(title=title))

    def remove(self, conversation_id: int) -> None:
        """See the port; messages, tool calls and turns go by the foreign keys."""
        self._connection.execute(delete(conversations).where(*self._place(conversation_id)))

    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """See the port."""
        place = conversations.c
        position = tuple_(place.updated_at, place.id)
        statement = select(conversations).where(place.user_id == self._user_id)
        if seen is not None:
            edge = tuple_(*seen, types=[place.updated_at.type, place.id.type])
            statement = statement.where(position > edge if oldest_first else position < edge)
        order = [column.asc() if oldest_first else column.desc() for column in (place.updated_at, place.id)]
        statement = statement.order_by(*order).limit(limit)
        return [_conversation(row) for row in self._connection.execute(statement).mappings()]

    def append(self, conversation_id: int, message: Message) -> None:
        """See the port."""
        self._connection.execute(
            insert(messages).values(
                user_id=self._user_id,
                conversation_id=conversation_id,
                id=message.id,
                role=message.role.value,
                turn_id=message.turn_id,
                **_written(message),
            )
        )
        self._connection.execute(
            update(conversations)
            .where(*self._place(conversation_id))
            .values(updated_at=message.created_at, message_count=conversations.c.message_count + 1)
        )

    def finish(self, conversation_id: int, message: Message) -> None:
        """See the port."""
        self._connection.execute(
            update(messages).where(*self._message(conversation_id, message.id)).values(**_written(message))
        )
        self._connection.execute(
            update(conversations).where(*self._place(conversation_id)).values(updated_at=message.created_at)
        )

    def record(self, conversation_id: int, message_id: int, call: ToolCall) -> None:
        """See the port."""
        position = select(func.count()).where(*self._calls(conversation_id, message_id, message_id))
        row = insert(tool_calls).values(
            user_id=self._user_id,
            conversation_id=conversation_id,
            message_id=message_id,
            position=position.scalar_subquery(),
            name=call.name,
            arguments=bytes(call.arguments).decode(),
            result=bytes(call.result).decode() if call.result is not None else None,
            error=msgspec.json.encode(call.error).decode() if call.error else None,
        )
        try:
            self._connection.execute(row)
        except IntegrityError as gone:
            raise ConversationNotFound(conversation_id) from gone

    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        """See the port."""
        self._connection.execute(
            update(messages).where(*self._message(conversation_id, message_id)).values(feedback=feedback.value)
        )

    def cut(self, conversation_id: int, message_id: int) -> None:
        """See the port; tool calls go by the foreign key."""
        for table, number in ((messages, messages.c.id), (turns, turns.c.reply_id)):
            of_this = (table.c.user_id == self._user_id, table.c.conversation_id == conversation_id)
            self._connection.execute(delete(table).where(*of_this, number >= message_id))
        self._connection.execute(
            update(conversations).where(*self._place(conversation_id)).values(message_count=message_id - 1)
        )

    def message(self, conversation_id: int, message_id: int) -> Message | None:
        """See the port."""
        statement = select(messages).where(*self._message(conversation_id, message_id))
        found = self._with_calls(conversation_id, self._connection.execute(statement).mappings().all())
        return found[0] if found else None

    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """See the port; reads by the primary key from its end, whatever the length of the conversation."""
        statement = select(messages).where(
            messages.c.user_id == self._user_id, messages.c.conversation_id == conversation_id
        )
        if before is not None:
            statement = statement.where(messages.c.id < before)
        statement = statement.order_by(messages.c.id.desc()).limit(limit)
        return self._with_calls(conversation_id, self._connection.execute(statement).mappings().all())

    def open_turn(self, turn: TurnRecord) -> None:
        """See the port."""
        self._connection.execute(
            insert(turns).values(
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
        )

    def close_turn(self, turn_id: str, status: TurnStatus, at: datetime) -> None:
        """See the port."""
        self._connection.execute(
            update(turns)
            .where(turns.c.user_id == self._user_id, turns.c.id == turn_id)
            .values(status=status.value, finished_at=at)
        )

    def turn(self, turn_id: str) -> TurnRecord | None:
        """See the port."""
        statement = select(turns).where(turns.c.user_id == self._user_id, turns.c.id == turn_id)
        row = self._connection.execute(statement).mappings().first()
        return _turn(row) if row else None

    def beat(self, turn_id: str, at: datetime) -> None:
        """See the port."""
        turn = self.turn(turn_id)
        if turn:
            mine = self._message(turn.conversation_id, turn.reply_id)
            in_progress = messages.c.status == MessageStatus.IN_PROGRESS.value
            self._connection.execute(update(messages).where(*mine, in_progress).values(created_at=at))

    def mark_stopping(self, turn_id: str) -> None:
        """See the port."""
        mine = (turns.c.user_id == self._user_id, turns.c.id == turn_id, turns.c.status == TurnStatus.RUNNING.value)
        self._connection.execute(update(turns).where(*mine).values(status=TurnStatus.STOPPING.value))

    def turn_with_key(self, idempotency_key: str) -> TurnRecord | None:
        """See the port."""
        statement = select(turns).where(turns.c.user_id == self._user_id, turns.c.idempotency_key == idempotency_key)
        row = self._connection.execute(statement).mappings().first()
        return _turn(row) if row else None

    def _with_calls(self, conversation_id: int, rows: Sequence[RowMapping]) -> list[Message]:
        if not rows:
            return []
        numbers = [row["id"] for row in rows]
        found = self._connection.execute(
            select(tool_calls)
            .where(*self._calls(conversation_id, min(numbers), max(numbers)))
            .order_by(tool_calls.c.message_id, tool_calls.c.position)
        )
        calls: defaultdict[int, list[ToolCall]] = defaultdict(list)
        for row in found.mappings():
            calls[row["message_id"]].append(_call(row))
        return [_message(row, tuple(calls[row["id"]])) for row in rows]

    def _place(self, conversation_id: int) -> tuple[ColumnElement[bool], ...]:
        return (conversations.c.user_id == self._user_id, conversations.c.id == conversation_id)

    def _message(self, conversation_id: int, message_id: int) -> tuple[ColumnElement[bool], ...]:
        return (
            messages.c.user_id == self._user_id,
            messages.c.conversation_id == conversation_id,
            messages.c.id == message_id,
        )

    def _calls(self, conversation_id: int, first: int, last: int) -> tuple[ColumnElement[bool], ...]:
        return (
            tool_calls.c.user_id == self._user_id,
            tool_calls.c.conversation_id == conversation_id,
            tool_calls.c.message_id.between(first, last),
        )


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


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        id=row["id"],
        key=row["key"],
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        message_count=row["message_count"],
    )


def _message(row: RowMapping, calls: tuple[ToolCall, ...]) -> Message:
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


def _call(row: RowMapping) -> ToolCall:
    return ToolCall(
        name=row["name"],
        arguments=Raw(row["arguments"].encode()),
        result=Raw(row["result"].encode()) if row["result"] is not None else None,
        error=msgspec.json.decode(row["error"], type=ToolError) if row["error"] else None,
    )


def _turn(row: RowMapping) -> TurnRecord:
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
