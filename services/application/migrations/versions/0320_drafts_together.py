"""Drafts that several people edit: answers kept aside, who changed which answer last, and who edited last."""

from alembic import op

revision = "0320"
down_revision = "0340"
branch_labels = None
depends_on = None

COLUMNS = (
    "set_aside text NOT NULL DEFAULT '{}'",
    "changes text NOT NULL DEFAULT '{}'",
    "edited_by uuid",
    "edited_at timestamptz",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE applications ADD COLUMN {column}")
    op.execute(
        "ALTER TABLE applications ADD CONSTRAINT ck_applications_filed_as_asked"
        " CHECK (state = 'draft' OR set_aside = '{}')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE applications DROP CONSTRAINT ck_applications_filed_as_asked")
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE applications DROP COLUMN {column.split()[0]}")
