"""Events that were sent, and files by application: for operators who follow one application."""

from alembic import op

from shared.db import baseline

revision = "0820"
down_revision = "0812"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_documents_application_id")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_documents_application_id ON documents (application_id)"
            " WHERE application_id IS NOT NULL"
        )
    baseline.sent_events(op, ROLE)


def downgrade() -> None:
    baseline.drop_sent_events(op)
    op.execute("DROP INDEX ix_documents_application_id")
