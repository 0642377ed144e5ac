"""A message keeps the trace in which it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0830"
down_revision = "0822"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("traceparent", sa.Text))


def downgrade() -> None:
    op.drop_column("deliveries", "traceparent")
