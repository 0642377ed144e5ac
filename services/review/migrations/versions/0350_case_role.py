"""The user class in which an application was filed: with it its owner reads what officers wrote to them."""

from alembic import op

revision = "0350"
down_revision = "0340"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE cases ADD COLUMN role text")


def downgrade() -> None:
    op.execute("ALTER TABLE cases DROP COLUMN role")
