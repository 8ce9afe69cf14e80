"""What a person thinks of a reply."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Room for it beside each message."""
    op.add_column("messages", sa.Column("feedback", sa.String(16)))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("messages", "feedback")
