"""Corrections with the examiner's answer, the office of a new address, and items answered with a reason."""

from alembic import op

revision = "0340"
down_revision = "0110"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

UPGRADE = (
    "ALTER TABLE cases ADD COLUMN address_office text",
    "ALTER TABLE cases ADD COLUMN moved_on date",
    "ALTER TABLE document_requests ADD COLUMN not_submitted jsonb NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE corrections (
        id uuid CONSTRAINT pk_corrections PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_corrections_case_id_cases REFERENCES cases (id),
        changed jsonb NOT NULL,
        requested_at timestamptz,
        agreed boolean,
        answered_by uuid,
        answered_at timestamptz,
        reason text,
        corrected_at timestamptz,
        CONSTRAINT ck_corrections_answered CHECK ((agreed IS NULL) = (answered_at IS NULL)),
        CONSTRAINT ck_corrections_declined_says_why CHECK (agreed IS NOT FALSE OR reason IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_corrections_case_id ON corrections (case_id)",
    f"GRANT SELECT, INSERT, UPDATE ON corrections TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE corrections")
    op.execute("ALTER TABLE document_requests DROP COLUMN not_submitted")
    op.execute("ALTER TABLE cases DROP COLUMN moved_on")
    op.execute("ALTER TABLE cases DROP COLUMN address_office")
