"""Numbers of the service minute by minute, and the requests that its processes have answered."""

from alembic import op

from shared.db import baseline

revision = "0880"
down_revision = "0870"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    baseline.samples(op, ROLE)


def downgrade() -> None:
    baseline.drop_samples(op)
