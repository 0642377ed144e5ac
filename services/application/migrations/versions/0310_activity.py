"""The activity of an application, where the status of residence has several and it decides the form."""

from alembic import op

revision = "0310"
down_revision = "0210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN activity text")


def downgrade() -> None:
    op.execute("ALTER TABLE applications DROP COLUMN activity")
