"""The channel of a message, and of the work on it. All messages made before are mails."""

from alembic import op

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A constant default: no row is rewritten.
    for table in ("notifications", "deliveries"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN channel text NOT NULL DEFAULT 'mail'")


def downgrade() -> None:
    for table in ("deliveries", "notifications"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN channel")
