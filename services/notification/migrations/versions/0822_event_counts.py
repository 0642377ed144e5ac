"""Counts of events by hour, made here and by the services whose events are taken here."""

from alembic import op

from shared.db import baseline

revision = "0822"
down_revision = "0821"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    baseline.event_counts(op, ROLE)


def downgrade() -> None:
    baseline.drop_event_counts(op)
