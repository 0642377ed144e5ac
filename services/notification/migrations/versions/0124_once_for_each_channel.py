"""One message for each cause, channel, party and template; and an index of what is due in each channel.

The indexes are made without blocking writes, which cannot be part of a transaction. One left behind by an interrupted
run is made again.
"""

from alembic import op

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None

OLD = "uq_notifications_cause_event_id_party_template"
NEW = "uq_notifications_cause_event_id_channel_party_template"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NEW}")
        op.execute(
            f"CREATE UNIQUE INDEX CONCURRENTLY {NEW} ON notifications (cause_event_id, channel, party, template)"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_deliveries_channel_due")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_deliveries_channel_due ON deliveries (channel, next_try_at)"
            " WHERE state = 'waiting'"
        )
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {NEW} UNIQUE USING INDEX {NEW}")
    op.execute(f"ALTER TABLE notifications DROP CONSTRAINT {OLD}")
    op.execute("DROP INDEX ix_deliveries_due")


def downgrade() -> None:
    op.execute("CREATE INDEX ix_deliveries_due ON deliveries (next_try_at) WHERE state = 'waiting'")
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {OLD} UNIQUE (cause_event_id, party, template)")
    op.execute(f"ALTER TABLE notifications DROP CONSTRAINT {NEW}")
    op.execute("DROP INDEX ix_deliveries_channel_due")
