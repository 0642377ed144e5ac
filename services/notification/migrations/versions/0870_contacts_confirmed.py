"""When the address of an applicant was confirmed."""

from alembic import op

revision = "0870"
down_revision = "0846"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN contact_confirmed_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE applications DROP COLUMN contact_confirmed_at")
