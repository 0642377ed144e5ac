"""Rows about the processes of this service, which each of them writes."""

from alembic import op

from shared.db import baseline

revision = "0811"
down_revision = "0810"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"


def upgrade() -> None:
    baseline.process_states(op, ROLE)


def downgrade() -> None:
    baseline.drop_process_states(op)
