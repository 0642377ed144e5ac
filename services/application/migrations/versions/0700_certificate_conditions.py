"""The conditions that a certificate states."""

from alembic import op

revision = "0700"
down_revision = "0571"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE certificates ADD COLUMN conditions jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE certificates DROP COLUMN conditions")
