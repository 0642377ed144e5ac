"""The messages that each account has read."""

from alembic import op

revision = "0650"
down_revision = "0124"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE readings (account_id uuid NOT NULL, notification_id uuid NOT NULL, read_at timestamptz NOT NULL,"
        " CONSTRAINT pk_readings PRIMARY KEY (account_id, notification_id),"
        " CONSTRAINT fk_readings_notification_id_notifications FOREIGN KEY (notification_id)"
        " REFERENCES notifications (id))"
    )
    op.execute(f"GRANT SELECT, INSERT ON readings TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE readings")
