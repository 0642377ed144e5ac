"""Measurements of photos, the part of the picture that was kept, and what photos that look alike share."""

from alembic import op

revision = "0430"
down_revision = "0440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE documents
            ADD COLUMN measures jsonb NOT NULL DEFAULT '[]'::jsonb,
            ADD COLUMN crop jsonb,
            ADD COLUMN likeness text
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE documents DROP COLUMN measures, DROP COLUMN crop, DROP COLUMN likeness")
