"""Declarations of an application, word for word as the filer was shown them."""

from alembic import op

revision = "0330"
down_revision = "0321"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN declarations jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE applications DROP COLUMN declarations")
