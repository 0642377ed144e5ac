"""The roles in which a file was sent, and the office that has the case."""

from alembic import op

revision = "0080"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN roles text[]")
    op.execute("ALTER TABLE progress ADD COLUMN office text")


def downgrade() -> None:
    op.execute("ALTER TABLE progress DROP COLUMN office")
    op.execute("ALTER TABLE documents DROP COLUMN roles")
