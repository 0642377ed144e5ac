"""The recipients of a broadcast are erased after its end."""

from alembic import op

revision = "0846"
down_revision = "0845"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"


def upgrade() -> None:
    op.execute(f"GRANT DELETE ON broadcast_recipients TO {ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON broadcast_recipients FROM {ROLE}")
