"""The moment at which each invariant was checked on all records; cards by the moment of their issue."""

from alembic import op

from shared.db import baseline

revision = "0882"
down_revision = "0881"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cards_issued_at")
        op.execute("CREATE INDEX CONCURRENTLY ix_cards_issued_at ON cards (issued_at)")
    baseline.full_checks(op)


def downgrade() -> None:
    baseline.drop_full_checks(op)
    op.execute("DROP INDEX ix_cards_issued_at")
