"""Letters that wait behind one of another topic, which may be the event that it needs, wait no longer."""

from alembic import op

from shared.db import baseline

revision = "0845"
down_revision = "0840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.letters_by_topic(op)


def downgrade() -> None:
    """Keep the letters as they are: the version before takes each with its key."""
