"""Snapshots of facts that others keep, and projections that are rebuilt beside the running ones."""

from alembic import op

from shared.db import baseline

revision = "0885"
down_revision = "0883"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    baseline.rebuilding(op, ROLE)


def downgrade() -> None:
    baseline.drop_rebuilding(op)
