"""The moment at which each invariant was checked on all records."""

from alembic import op

from shared.db import baseline

revision = "0882"
down_revision = "0881"
branch_labels = None
depends_on = None


def upgrade() -> None:
    baseline.full_checks(op)


def downgrade() -> None:
    baseline.drop_full_checks(op)
