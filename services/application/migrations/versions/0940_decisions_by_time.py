"""An index of decisions by their time: how long they took is measured each day, over those of the last year."""

from alembic import op

revision = "0940"
down_revision = "0908"
branch_labels = None
depends_on = None

INDEX = "ix_progress_steps_decided_at"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON progress_steps (at) WHERE step = 'review_completed'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
