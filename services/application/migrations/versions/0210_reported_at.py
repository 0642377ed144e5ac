"""The moment at which a fact of another service was reported has its proper name."""

from alembic import op

revision = "0210"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents RENAME COLUMN told_at TO reported_at")
    op.execute("ALTER TABLE accounts RENAME COLUMN told_at TO reported_at")


def downgrade() -> None:
    op.execute("ALTER TABLE documents RENAME COLUMN reported_at TO told_at")
    op.execute("ALTER TABLE accounts RENAME COLUMN reported_at TO told_at")
