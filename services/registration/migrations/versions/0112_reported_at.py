"""When a file was reported, named so."""

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE uploaded_files RENAME COLUMN told_at TO reported_at")


def downgrade() -> None:
    op.execute("ALTER TABLE uploaded_files RENAME COLUMN reported_at TO told_at")
