"""A delivery knows when it was first tried, and when its message is of no more use."""

from alembic import op

revision = "0760"
down_revision = "0740"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a default: no row is rewritten. What is being retried is tried for three days from its next failure on.
    op.execute("ALTER TABLE deliveries ADD COLUMN first_failed_at timestamptz, ADD COLUMN valid_until timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE deliveries DROP COLUMN first_failed_at, DROP COLUMN valid_until")
