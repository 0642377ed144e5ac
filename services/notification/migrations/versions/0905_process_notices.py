"""Notices of processes, which their watches found, in their reports."""

from alembic import op

from shared.db import baseline

revision = "0905"
down_revision = "0901"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.process_notices(op)


def downgrade() -> None:
    baseline.drop_process_notices(op)
