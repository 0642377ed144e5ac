"""Evidence with which the category of an organisation was recorded."""

from alembic import op

revision = "0070"
down_revision = "0060"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE organisation_categories ADD COLUMN recorded_by uuid",
    "ALTER TABLE organisation_categories ADD COLUMN listed_or_public boolean",
    "ALTER TABLE organisation_categories ADD COLUMN withholding_yen bigint",
    "ALTER TABLE organisation_categories ADD COLUMN note text",
    """ALTER TABLE organisation_categories ADD CONSTRAINT ck_organisation_categories_proof
        CHECK ((recorded_by IS NULL) = (listed_or_public IS NULL))""",
    """ALTER TABLE organisation_categories ADD CONSTRAINT ck_organisation_categories_withholding_yen
        CHECK (withholding_yen >= 0)""",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for column in ("note", "withholding_yen", "listed_or_public", "recorded_by"):
        op.execute(f"ALTER TABLE organisation_categories DROP COLUMN {column}")
