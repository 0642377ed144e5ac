"""Findings of a document, with page and numbers. Of documents before, `problems` and `advice` have the codes."""

from alembic import op

revision = "0420"
down_revision = "0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN findings jsonb NOT NULL DEFAULT '[]'::jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE documents DROP COLUMN findings")
