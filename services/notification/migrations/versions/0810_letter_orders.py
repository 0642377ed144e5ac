"""Operators' orders about dead letters."""

from alembic import op

from shared.db import baseline

revision = "0810"
down_revision = "0772"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.v4(op, "zairyu_notification")


def downgrade() -> None:
    baseline.drop_v4(op)
