"""Events that were sent within two days, whole, to be sent again to a broker that was lost."""

from alembic import op

from shared.db import baseline

revision = "0840"
down_revision = "0822"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"


def upgrade() -> None:
    baseline.recent_events(op, ROLE)


def downgrade() -> None:
    baseline.drop_recent_events(op)
