"""The index of messages that are due has them in the order in which a webhook's turn comes."""

from alembic import op

revision = "0731"
down_revision = "0730"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index("webhook_id, next_try_at, position")


def downgrade() -> None:
    _index("webhook_id, next_try_at")


def _index(columns: str) -> None:
    op.execute("DROP INDEX ix_webhook_messages_due")
    op.execute(f"CREATE INDEX ix_webhook_messages_due ON webhook_messages ({columns}) WHERE state = 'waiting'")
