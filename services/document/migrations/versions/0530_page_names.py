"""Names of the pictures that a PDF was made of, page by page."""

from alembic import op

revision = "0530"
down_revision = "0421"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN page_names text[]")


def downgrade() -> None:
    op.execute("ALTER TABLE documents DROP COLUMN page_names")
