"""The evidence for findings: pages of documents and fields of the form."""

from alembic import op

revision = "0572"
down_revision = "0571"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE examinations ADD COLUMN evidence jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE examinations DROP COLUMN evidence")
