"""The moment of the event that named the office of a record, under the word that other services use."""

from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE handlings RENAME COLUMN told_at TO reported_at")


def downgrade() -> None:
    op.execute("ALTER TABLE handlings RENAME COLUMN reported_at TO told_at")
