"""A turn stands in its reply, with its tool calls: a turn writes one row where it wrote five."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OLD = ("tool_calls", "turns")
HAS_KEY = sa.text("idempotency_key IS NOT NULL")

# The very words of a call, as msgspec writes it.
CALL = """'{"name":' || %s || ',"arguments":' || arguments || coalesce(',"result":' || result, '')
    || coalesce(',"error":' || error, '') || '},'"""
CALLS = {
    "sqlite": f"""
        UPDATE messages SET tool_calls = (
            SELECT group_concat(call, '') FROM (
                SELECT {CALL % "json_quote(name)"} AS call FROM tool_calls AS c
                WHERE c.user_id = messages.user_id AND c.conversation_id = messages.conversation_id
                    AND c.message_id = messages.id ORDER BY position))
        WHERE EXISTS (SELECT 1 FROM tool_calls AS c WHERE c.user_id = messages.user_id
            AND c.conversation_id = messages.conversation_id AND c.message_id = messages.id)""",  # noqa: S608  of constants
    "postgresql": f"""
        UPDATE messages SET tool_calls = c.calls FROM (
            SELECT user_id, conversation_id, message_id,
                string_agg({CALL % "to_json(name)::text"}, '' ORDER BY position) AS calls
            FROM tool_calls GROUP BY user_id, conversation_id, message_id) AS c
        WHERE c.user_id = messages.user_id AND c.conversation_id = messages.conversation_id
            AND c.message_id = messages.id""",  # noqa: S608
}
KEYS = """
    UPDATE messages SET
        idempotency_key = (SELECT idempotency_key FROM turns AS t WHERE {same}),
        fingerprint = (SELECT fingerprint FROM turns AS t WHERE {same})
    WHERE role = 'assistant' AND EXISTS (SELECT 1 FROM turns AS t WHERE {same} AND idempotency_key IS NOT NULL)
""".format(same="t.user_id = messages.user_id AND t.id = messages.turn_id")  # noqa: S608
TURNS = """
    INSERT INTO turns (user_id, id, conversation_id, message_id, reply_id, status, idempotency_key, fingerprint,
        started_at, finished_at)
    SELECT user_id, turn_id, conversation_id, id - 1, id,
        CASE status WHEN 'in_progress' THEN 'running' WHEN 'stopping' THEN 'stopping' WHEN 'failed' THEN 'failed'
            ELSE 'done' END,
        idempotency_key, coalesce(fingerprint, ''), created_at,
        CASE WHEN status NOT IN ('in_progress', 'stopping') THEN created_at END
    FROM messages WHERE role = 'assistant' AND turn_id IS NOT NULL
"""


def upgrade() -> None:
    """Move turns and tool calls into the messages."""
    op.add_column("messages", sa.Column("tool_calls", sa.Text))
    op.add_column("messages", sa.Column("idempotency_key", sa.String(128)))
    op.add_column("messages", sa.Column("fingerprint", sa.String(64)))
    _see_all_rows(True, "messages", *OLD)
    op.execute(CALLS[op.get_bind().dialect.name])
    op.execute(KEYS)
    _see_all_rows(False, "messages")
    for table in OLD:
        op.drop_table(table)
    op.create_index(
        "ix_messages_idempotency_key",
        "messages",
        ["user_id", "idempotency_key"],
        unique=True,
        sqlite_where=HAS_KEY,
        postgresql_where=HAS_KEY,
    )


def downgrade() -> None:
    """Give them tables of their own again."""
    tool_calls = _make_tool_calls()
    _make_turns()
    _see_all_rows(True, "messages")
    op.execute(TURNS)
    op.execute("UPDATE messages SET status = 'in_progress' WHERE status = 'stopping'")
    asked = sa.text("SELECT user_id, conversation_id, id, tool_calls FROM messages WHERE tool_calls IS NOT NULL")
    for user_id, conversation_id, message_id, kept in op.get_bind().execute(asked).all():
        place = {"user_id": user_id, "conversation_id": conversation_id, "message_id": message_id}
        calls = json.loads(f"[{kept[:-1]}]")
        op.bulk_insert(tool_calls, [place | _row(position, call) for position, call in enumerate(calls)])
    _see_all_rows(False, "messages")
    _guard(*OLD)
    op.drop_index("ix_messages_idempotency_key", "messages")
    for column in ("tool_calls", "idempotency_key", "fingerprint"):
        op.drop_column("messages", column)


def _row(position: int, call: dict[str, object]) -> dict[str, object]:
    parts = {part: json.dumps(call[part]) if part in call else None for part in ("arguments", "result", "error")}
    return {"position": position, "name": call["name"], **parts}


def _make_tool_calls() -> sa.Table:
    return op.create_table(
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


def _make_turns() -> None:
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
        sa.ForeignKeyConstraint(
            ["user_id", "conversation_id"],
            ["conversations.user_id", "conversations.id"],
            name="fk_turns_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_turns_idempotency_key", "turns", ["user_id", "idempotency_key"], unique=True)
    op.create_index("ix_turns_conversation", "turns", ["user_id", "conversation_id"])


def _see_all_rows(sees_all: bool, *tables: str) -> None:
    """Lift the wall between users from the owner's sessions, or put it up again."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"ALTER TABLE {table} {'NO FORCE' if sees_all else 'FORCE'} ROW LEVEL SECURITY")


def _guard(*tables: str) -> None:
    """Put the wall around tables that are new."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY own ON {table} USING (user_id = current_setting('munshi.user_id', true))")
