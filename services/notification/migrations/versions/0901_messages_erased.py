"""Messages are erased some years after their end, and with each the record of who has read it."""

from alembic import op

revision = "0901"
down_revision = "0900"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"
_INDEX = "ix_readings_notification_id"
_KEY = "fk_readings_notification_id_notifications"


def upgrade() -> None:
    # First, and apart: it is created without blocking writers. An interrupted one is created again.
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {_INDEX} ON readings (notification_id)")
    _refer("ON DELETE CASCADE")
    op.execute(f"GRANT DELETE ON notifications TO {ROLE}")
    _validate()


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON notifications FROM {ROLE}")
    _refer("")
    _validate()
    op.execute(f"DROP INDEX {_INDEX}")


def _refer(action: str) -> None:
    op.execute(f"ALTER TABLE readings DROP CONSTRAINT {_KEY}")
    op.execute(
        f"ALTER TABLE readings ADD CONSTRAINT {_KEY} FOREIGN KEY (notification_id)"
        f" REFERENCES notifications (id) {action} NOT VALID"
    )


def _validate() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE readings VALIDATE CONSTRAINT {_KEY}")
