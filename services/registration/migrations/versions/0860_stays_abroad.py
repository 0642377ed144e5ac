"""The end of a person's stay abroad, during which they may use the site from there."""

from alembic import op

revision = "0860"
down_revision = "0845"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ADD COLUMN abroad_until timestamptz")
    op.execute(
        "ALTER TABLE accounts ADD CONSTRAINT ck_accounts_abroad"
        " CHECK (kind = 'person' OR abroad_until IS NULL) NOT VALID"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE accounts DROP COLUMN abroad_until")
