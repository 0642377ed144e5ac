"""The last run of each recurring job, and the timers that processes work on."""

from alembic import op

from shared.db import baseline

revision = "0812"
down_revision = "0811"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    baseline.job_runs(op, ROLE)


def downgrade() -> None:
    baseline.drop_job_runs(op)
