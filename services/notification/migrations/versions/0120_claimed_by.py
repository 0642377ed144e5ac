"""The key of the sender that claimed a message, in place of the time at which it was claimed.

Claims of older senders belong to nobody (0) afterwards, and are tried again: stop those senders first.
"""

from alembic import op

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None

CLAIMED = "ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_claimed CHECK ((work = 'sending') = ({} IS NOT NULL))"


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries ADD COLUMN claimed_by bigint")
    op.execute("UPDATE deliveries SET claimed_by = 0 WHERE work = 'sending'")
    # With the column go its constraint and its index.
    op.execute("ALTER TABLE deliveries DROP COLUMN claimed_at")
    op.execute(CLAIMED.format("claimed_by"))
    op.execute("CREATE INDEX ix_deliveries_sending ON deliveries (claimed_by) WHERE work = 'sending'")


def downgrade() -> None:
    op.execute("ALTER TABLE deliveries ADD COLUMN claimed_at timestamptz")
    op.execute("UPDATE deliveries SET claimed_at = now() WHERE work = 'sending'")
    op.execute("ALTER TABLE deliveries DROP COLUMN claimed_by")
    op.execute(CLAIMED.format("claimed_at"))
    op.execute("CREATE INDEX ix_deliveries_sending ON deliveries (claimed_at) WHERE work = 'sending'")
