"""The states that a case was in, how long it waited for the applicant, and when it was decided."""

from alembic import op

revision = "0570"
down_revision = "0350"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE cases ADD COLUMN waited_seconds integer NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN decided_at timestamptz",
    """
    CREATE TABLE case_states (
        id uuid CONSTRAINT pk_case_states PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_case_states_case_id_cases REFERENCES cases (id),
        state text NOT NULL,
        since timestamptz NOT NULL,
        until timestamptz NOT NULL,
        CONSTRAINT ck_case_states_until CHECK (until >= since)
    )
    """,
    "CREATE INDEX ix_case_states_case_id ON case_states (case_id)",
    "GRANT SELECT, INSERT ON case_states TO zairyu_review",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE case_states")
    op.execute("ALTER TABLE cases DROP COLUMN decided_at")
    op.execute("ALTER TABLE cases DROP COLUMN waited_seconds")
