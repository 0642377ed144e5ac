"""The column `work` of deliveries becomes `state`. Senders of before cannot read it: stop them first."""

from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries RENAME COLUMN work TO state")
    op.execute("ALTER TABLE deliveries RENAME CONSTRAINT ck_deliveries_work TO ck_deliveries_state")


def downgrade() -> None:
    op.execute("ALTER TABLE deliveries RENAME CONSTRAINT ck_deliveries_state TO ck_deliveries_work")
    op.execute("ALTER TABLE deliveries RENAME COLUMN state TO work")
