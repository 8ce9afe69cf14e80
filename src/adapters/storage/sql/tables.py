"""The tables. Every primary key begins with `user_id`, so that a user's rows lie together and can be distributed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)


MOMENT = msgspec.json.Decoder(datetime)
# What a column of numbers counted from 1 can hold; the drivers raise for any other, which is as absent.
NUMBERS = range(1, 1 << 63)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, also where the database (SQLite) keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Aware in; the text of naive UTC for SQLite, as SQLAlchemy writes it."""
        return _as_text if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """Aware UTC out, as PostgreSQL's driver gives it by itself."""
        return _from_text if dialect.name == "sqlite" else None


def _as_text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    # By msgspec, which leaves out microseconds that are none: isoformat takes six times as long.
    text = msgspec.json.encode(moment.astimezone(UTC))[1:-2].decode().replace("T", " ")
    return text if "." in text else f"{text}.000000"


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else MOMENT.decode(f'"{text}Z"')


def user_column() -> Column[str]:
    """The first column of every key."""
    return Column("user_id", String(255), primary_key=True)


# Sorted by code points everywhere, as Python sorts.
PlainText = Text().with_variant(Text(collation="C"), "postgresql")

users = Table(
    "users",
    metadata,
    user_column(),
    Column("timezone", String(64)),
    Column("last_task", BigInteger, nullable=False),
    Column("last_conversation", BigInteger, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    user_column(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("title_key", PlainText, nullable=False),
    Column("description", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("due_day", Date),
    Column("due_at", Moment),
    Column("repeat", String(200)),
    Column("tags", Text, nullable=False),
    Column("tag_keys", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("completed_at", Moment),
    Index("ix_tasks_status", "user_id", "status", "id"),
)

changes = Table(
    "changes",
    metadata,
    user_column(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("batch", String(64), nullable=False),
    Column("tool", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("ix_changes_at", "at"),
)

conversations = Table(
    "conversations",
    metadata,
    user_column(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("message_count", BigInteger, nullable=False),
    Index("ix_conversations_key", "user_id", "key", unique=True),
    Index("ix_conversations_updated", "user_id", "updated_at", "id"),
)

# A turn stands in its reply: in progress or stopping as long as it runs, the tool calls as JSON objects, a comma after
# each, and the Idempotency-Key that it was asked under.
messages = Table(
    "messages",
    metadata,
    user_column(),
    Column("conversation_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("turn_id", String(64)),
    Column("question", Text),
    Column("created_at", Moment, nullable=False),
    Column("feedback", String(16)),
    Column("tool_calls", Text),
    Column("idempotency_key", String(128)),
    Column("fingerprint", String(64)),
    ForeignKeyConstraint(
        ["user_id", "conversation_id"], ["conversations.user_id", "conversations.id"], ondelete="CASCADE"
    ),
)
Index(
    "ix_messages_idempotency_key",
    messages.c.user_id,
    messages.c.idempotency_key,
    unique=True,
    sqlite_where=messages.c.idempotency_key.is_not(None),
    postgresql_where=messages.c.idempotency_key.is_not(None),
)

usage = Table(
    "usage",
    metadata,
    user_column(),
    Column("day", Date, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    Index("ix_usage_day", "day"),
)
