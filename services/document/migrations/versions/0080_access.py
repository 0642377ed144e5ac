"""In which roles a file was sent, and the office that handles the record it was filed with.

Of records filed before, the office is not known: officers see their files once an event of the record names it.
"""

from alembic import op

revision = "0080"
down_revision = "0060"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN roles text[]")
    op.execute(
        """
        CREATE TABLE handlings (
            record_id uuid NOT NULL CONSTRAINT pk_handlings PRIMARY KEY,
            office text NOT NULL,
            told_at timestamptz NOT NULL
        )
        """
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON handlings TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE handlings")
    op.execute("ALTER TABLE documents DROP COLUMN roles")
