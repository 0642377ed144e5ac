"""Files of an archive of which a repaired copy waits for its owner."""

from alembic import op

revision = "0621"
down_revision = "0620"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE archive_entries DROP CONSTRAINT ck_archive_entries_state",
    """
    ALTER TABLE archive_entries ADD CONSTRAINT ck_archive_entries_state
        CHECK (state IN ('waiting', 'accepted', 'rejected', 'skipped', 'repairable')) NOT VALID
    """,
    "ALTER TABLE archive_entries VALIDATE CONSTRAINT ck_archive_entries_state",
)
DOWNGRADE = (
    "UPDATE archive_entries SET state = 'rejected' WHERE state = 'repairable'",
    "ALTER TABLE archive_entries DROP CONSTRAINT ck_archive_entries_state",
    """
    ALTER TABLE archive_entries ADD CONSTRAINT ck_archive_entries_state
        CHECK (state IN ('waiting', 'accepted', 'rejected', 'skipped'))
    """,
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
