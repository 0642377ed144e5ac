"""The owner of the record that a message is about, and the user class.

Of messages about applications made before, that is not known: operators and auditors see them, their filers do not.
"""

from alembic import op

revision = "0080"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("notifications", "applications"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN owner_id uuid")
        op.execute(f"ALTER TABLE {table} ADD COLUMN role text")
    op.execute("CREATE INDEX ix_notifications_owner_id ON notifications (owner_id, created_at, id)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_notifications_owner_id")
    for table in ("applications", "notifications"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN role")
        op.execute(f"ALTER TABLE {table} DROP COLUMN owner_id")
