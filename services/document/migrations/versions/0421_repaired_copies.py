"""Repaired copies: a document that cannot be used as it was sent, and a copy that waits for its owner's word."""

from alembic import op

revision = "0421"
down_revision = "0441"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE documents ADD COLUMN repaired_at timestamptz",
    "ALTER TABLE documents DROP CONSTRAINT ck_documents_status",
    """
    ALTER TABLE documents ADD CONSTRAINT ck_documents_status
        CHECK (status IN ('accepted', 'rejected', 'deleted', 'repairable'))
    """,
    """
    ALTER TABLE documents ADD CONSTRAINT ck_documents_repairable_is_stored CHECK (
        status <> 'repairable' OR (object_key IS NOT NULL AND size > 0 AND sha256 IS NOT NULL
            AND content_type IS NOT NULL AND cardinality(problems) > 0))
    """,
    "CREATE INDEX ix_documents_repairable ON documents (created_at) WHERE status = 'repairable'",
)
DOWNGRADE = (
    "DROP INDEX ix_documents_repairable",
    # A copy that nobody has taken is given up; its object goes with the sweep of its day.
    "UPDATE documents SET status = 'rejected', object_key = NULL WHERE status = 'repairable'",
    "ALTER TABLE documents DROP CONSTRAINT ck_documents_repairable_is_stored",
    "ALTER TABLE documents DROP CONSTRAINT ck_documents_status",
    """
    ALTER TABLE documents ADD CONSTRAINT ck_documents_status CHECK (status IN ('accepted', 'rejected', 'deleted'))
    """,
    "ALTER TABLE documents DROP COLUMN repaired_at",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
