"""Staff numbers of officers: two accounts with the same one are one human's."""

from alembic import op

revision = "0580"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ADD COLUMN staff_number text")
    op.execute(
        "ALTER TABLE accounts ADD CONSTRAINT ck_accounts_staff_number"
        " CHECK (kind = 'officer' OR staff_number IS NULL) NOT VALID"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE accounts DROP COLUMN staff_number")
