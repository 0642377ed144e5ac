"""An index of which the counts of an owner's applications are made: equal entries take next to no place in it."""

from alembic import op

revision = "0631"
down_revision = "0630"
branch_labels = None
depends_on = None

INDEX = "ix_applications_counts"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON applications (owner_id, role, state, reported, procedure)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
