"""The name of whom a mail addresses, sealed; not known of those that were made before."""

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("contacts", "deliveries"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN sealed_name text")


def downgrade() -> None:
    for table in ("contacts", "deliveries"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN sealed_name")
