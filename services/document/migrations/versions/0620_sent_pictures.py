"""Whether the picture that a photo was cut from is kept as well."""

from alembic import op

revision = "0620"
down_revision = "0540"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE documents ADD COLUMN original_kept boolean NOT NULL DEFAULT false",
    # Every row has `false` so far; rows that are written meanwhile are checked already.
    """
    ALTER TABLE documents ADD CONSTRAINT ck_documents_original_kept
        CHECK (NOT original_kept OR (kind = 'photo' AND status = 'accepted' AND filed_at IS NULL)) NOT VALID
    """,
    "ALTER TABLE documents VALIDATE CONSTRAINT ck_documents_original_kept",
)
DOWNGRADE = (
    "ALTER TABLE documents DROP CONSTRAINT ck_documents_original_kept",
    "ALTER TABLE documents DROP COLUMN original_kept",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
