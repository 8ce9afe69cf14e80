"""What a user's turns took of a model, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it, behind the same wall as every table."""
    op.create_table(
        "usage",
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_usage"),
    )
    op.create_index("ix_usage_day", "usage", ["day"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE usage ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE usage FORCE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own ON usage USING (user_id = current_setting('munshi.user_id', true))")
        op.execute("CREATE POLICY pruning ON usage USING (current_setting('munshi.pruning', true) = 'on')")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("usage")
