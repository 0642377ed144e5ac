"""The conditions of a grant, with the proposal."""

from alembic import op

revision = "0700"
down_revision = "0711"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE proposals ADD COLUMN conditions jsonb NOT NULL DEFAULT '{}'")
    op.execute(
        "ALTER TABLE proposals ADD CONSTRAINT ck_proposals_conditions CHECK (outcome = 'grant' OR conditions = '{}')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE proposals DROP COLUMN conditions")
