"""A delivery knows the topic for which its reader chose mail, where mail may be left out."""

from alembic import op

revision = "0762"
down_revision = "0761"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries ADD COLUMN topic text")


def downgrade() -> None:
    op.execute("ALTER TABLE deliveries DROP COLUMN topic")
