"""A second wall on PostgreSQL: a session sees the rows of the user it works for, and no other's.

Also for the tables' owner (`FORCE`), not for superusers. The setting ends with its transaction; without it no row is
seen. A later migration that changes rows of a table must lift `FORCE` from it meanwhile.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("users", "tasks", "changes", "conversations", "messages", "tool_calls", "turns")


def upgrade() -> None:
    """Every table belongs to users; the log of changes is pruned across them."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING (user_id = current_setting('munshi.user_id', true))")
    op.execute("CREATE POLICY pruning ON changes USING (current_setting('munshi.pruning', true) = 'on')")


def downgrade() -> None:
    """Take it down."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP POLICY pruning ON changes")
    for table in TABLES:
        op.execute(f"DROP POLICY own ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
