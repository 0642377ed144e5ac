"""The journal's indexes for auditors."""

from alembic import op

from shared.db import baseline

revision = "0040"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.v2(op)


def downgrade() -> None:
    baseline.drop_v2(op)
