"""Hints of an application: what people should compare about values that were read."""

from alembic import op

revision = "0125"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN hints text NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.execute("ALTER TABLE applications DROP COLUMN hints")
