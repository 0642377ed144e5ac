"""The last end of an application counts: a withdrawal can come after the decision, and the case goes on."""

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"


def upgrade() -> None:
    op.execute(f"GRANT UPDATE (closed_at) ON closed_applications TO {ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE (closed_at) ON closed_applications FROM {ROLE}")
