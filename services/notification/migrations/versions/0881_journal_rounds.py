"""The rounds in which the journal is verified."""

from alembic import op

from shared.db import baseline

revision = "0881"
down_revision = "0880"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    baseline.journal_rounds(op, ROLE)


def downgrade() -> None:
    baseline.drop_journal_rounds(op)
