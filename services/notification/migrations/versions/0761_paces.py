"""Destinations that get no more than so many messages in a time, and the turn of a message."""

from alembic import op

revision = "0761"
down_revision = "0760"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE paces (channel text NOT NULL, destination text NOT NULL, next_turn_at timestamptz NOT NULL,"
        " slow_every interval NOT NULL, slowed_at timestamptz,"
        " CONSTRAINT pk_paces PRIMARY KEY (channel, destination))"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON paces TO {ROLE}")
    op.execute("ALTER TABLE deliveries ADD COLUMN turn_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE deliveries DROP COLUMN turn_at")
    op.execute("DROP TABLE paces")
