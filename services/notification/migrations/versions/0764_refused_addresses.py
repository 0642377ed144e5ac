"""Returned mails are also those whose address was refused while they were handed over."""

from alembic import op

revision = "0764"
down_revision = "0763"
branch_labels = None
depends_on = None

_NAME = "ck_returned_mails_source"


def upgrade() -> None:
    _replace("source IN ('mailbox', 'provider', 'relay')")


def downgrade() -> None:
    op.execute("DELETE FROM returned_mails WHERE source = 'relay'")
    _replace("source IN ('mailbox', 'provider')")


def _replace(condition: str) -> None:
    """The check with another condition; rows that are there satisfy it."""
    op.execute(f"ALTER TABLE returned_mails DROP CONSTRAINT {_NAME}")
    op.execute(f"ALTER TABLE returned_mails ADD CONSTRAINT {_NAME} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE returned_mails VALIDATE CONSTRAINT {_NAME}")
