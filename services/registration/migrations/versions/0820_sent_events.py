"""Events that were sent, for operators who follow one application, and for the count of what others have seen."""

from alembic import op

from shared.db import baseline

revision = "0820"
down_revision = "0812"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    baseline.sent_events(op, ROLE)


def downgrade() -> None:
    baseline.drop_sent_events(op)
