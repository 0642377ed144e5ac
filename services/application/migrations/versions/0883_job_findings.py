"""Findings of the last run of each job."""

from alembic import op

from shared.db import baseline

revision = "0883"
down_revision = "0882"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.job_findings(op)


def downgrade() -> None:
    baseline.drop_job_findings(op)
