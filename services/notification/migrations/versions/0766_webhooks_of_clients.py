"""A webhook may belong to the API client that added it."""

from alembic import op

revision = "0766"
down_revision = "0764"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE webhooks ADD COLUMN client_id uuid")


def downgrade() -> None:
    op.execute("ALTER TABLE webhooks DROP COLUMN client_id")
