"""Users, tasks with their changes, conversations with messages, tool calls and turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PLAIN_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("timezone", sa.String(64)),
        sa.Column("last_task", sa.BigInteger, nullable=False),
        sa.Column("last_conversation", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "tasks",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_key", PLAIN_TEXT, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("due_day", sa.Date),
        sa.Column("due_at", MOMENT),
        sa.Column("repeat", sa.String(200)),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("tag_keys", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("completed_at", MOMENT),
    )
    op.create_index("ix_tasks_status", "tasks", ["user_id", "status", "id"])
    op.create_table(
        "changes",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("tool", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
    )
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_table(
        "conversations",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("message_count", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_conversations_key", "conversations", ["user_id", "key"], unique=True)
    op.create_index("ix_conversations_updated", "conversations", ["user_id", "updated_at", "id"])
    op.create_table(
        "messages",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("conversation_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("question", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        _of_conversation("messages"),
    )
    op.create_table(
        "tool_calls",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("conversation_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("error", sa.Text),
        sa.ForeignKeyConstraint(
            ["user_id", "conversation_id", "message_id"],
            ["messages.user_id", "messages.conversation_id", "messages.id"],
            name="fk_tool_calls_messages",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "turns",
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("reply_id", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("idempotency_key", sa.String(128)),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        _of_conversation("turns"),
    )
    op.create_index("ix_turns_idempotency_key", "turns", ["user_id", "idempotency_key"], unique=True)
    op.create_index("ix_turns_conversation", "turns", ["user_id", "conversation_id"])


def downgrade() -> None:
    """Drop every table."""
    for table in ("turns", "tool_calls", "messages", "conversations", "changes", "tasks", "users"):
        op.drop_table(table)


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id", "conversation_id"],
        ["conversations.user_id", "conversations.id"],
        name=f"fk_{table}_conversations",
        ondelete="CASCADE",
    )
