"""The last result of each invariant."""

from alembic import op

from shared.db import baseline

revision = "0821"
down_revision = "0820"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    baseline.invariants(op, ROLE)


def downgrade() -> None:
    baseline.drop_invariants(op)
