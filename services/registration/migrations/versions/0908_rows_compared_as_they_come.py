"""Rows of a snapshot that are compared as they come, and the records that have come."""

from alembic import op

from shared.db import baseline

revision = "0908"
down_revision = "0905"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    baseline.rows_compared_as_they_come(op, ROLE)


def downgrade() -> None:
    baseline.drop_rows_compared_as_they_come(op)
