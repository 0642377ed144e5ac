"""Reminders before an outside system ends."""

from alembic import op

revision = "0075"
down_revision = "0070"
branch_labels = None
depends_on = None

DROP = "ALTER TABLE reminders_sent DROP CONSTRAINT ck_reminders_sent_kind"
ADD = "ALTER TABLE reminders_sent ADD CONSTRAINT ck_reminders_sent_kind CHECK (kind IN ({kinds}))"
ENDING = "CREATE INDEX ix_api_clients_expires_at ON api_clients (expires_at) WHERE revoked_at IS NULL"


def upgrade() -> None:
    op.execute(DROP)
    op.execute(ADD.format(kinds="'registration', 'password', 'client'"))
    op.execute(ENDING)


def downgrade() -> None:
    op.execute("DROP INDEX ix_api_clients_expires_at")
    op.execute("DELETE FROM reminders_sent WHERE kind = 'client'")
    op.execute(DROP)
    op.execute(ADD.format(kinds="'registration', 'password'"))
