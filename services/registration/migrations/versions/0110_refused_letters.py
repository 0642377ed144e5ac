"""Messages that are not authentic, among the dead letters."""

from alembic import op

from shared.db import baseline

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.v3(op)


def downgrade() -> None:
    baseline.drop_v3(op)
