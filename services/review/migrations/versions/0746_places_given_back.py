"""Places at a counter that are given back: the case was ended, or its card handed over sooner."""

from alembic import op

revision = "0746"
down_revision = "0742"
branch_labels = None
depends_on = None

_INDEX = "CREATE UNIQUE INDEX uq_counter_bookings_place ON counter_bookings (office, starts_at, place)"
UPGRADE = (
    "ALTER TABLE counter_bookings ADD COLUMN released_at timestamptz",
    """
    UPDATE counter_bookings SET released_at = now() FROM cases
        WHERE cases.id = case_id AND cases.state <> 'COUNTER_VISIT' AND starts_at > now()
    """,
    "DROP INDEX uq_counter_bookings_place",
    f"{_INDEX} WHERE released_at IS NULL",
)
DOWNGRADE = (
    "DELETE FROM counter_bookings WHERE released_at IS NOT NULL",
    "DROP INDEX uq_counter_bookings_place",
    _INDEX,
    "ALTER TABLE counter_bookings DROP COLUMN released_at",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
