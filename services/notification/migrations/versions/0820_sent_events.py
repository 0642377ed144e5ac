"""Events that were sent, and webhooks' messages by application: for operators who follow one application."""

from alembic import op

from shared.db import baseline

revision = "0820"
down_revision = "0812"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_webhook_messages_subject")
        op.execute("CREATE INDEX CONCURRENTLY ix_webhook_messages_subject ON webhook_messages (subject)")
    baseline.sent_events(op, ROLE)


def downgrade() -> None:
    baseline.drop_sent_events(op)
    op.execute("DROP INDEX ix_webhook_messages_subject")
