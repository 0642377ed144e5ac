"""Indexes of usage registrations and periodic reports by submission: a list of all of them begins there."""

from alembic import op

revision = "0941"
down_revision = "0908"
branch_labels = None
depends_on = None

TABLES = ("usage_registrations", "periodic_reports")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_submitted_at")
            op.execute(f"CREATE INDEX CONCURRENTLY ix_{table}_submitted_at ON {table} (submitted_at, id)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_submitted_at")
