"""Allocation: cases that nobody has any more, their urgency, flags, offices, and the examiners of an office."""

from alembic import op

revision = "0560"
down_revision = "0580"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"
_WITHOUT_START = "state IN ('RECEIVED', 'WITHDRAWN', 'TERMINATED')"
_WITHOUT_EXAMINER = (
    "state IN ('RECEIVED', 'UNDER_REVIEW', 'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW', 'WITHDRAWN',"
    " 'TERMINATED')"
)

UPGRADE = (
    "ALTER TABLE cases ADD COLUMN examiner_since timestamptz",
    "ALTER TABLE cases ADD COLUMN priority smallint NOT NULL DEFAULT 9",
    "ALTER TABLE cases ADD COLUMN act_by date",
    "ALTER TABLE cases ADD COLUMN standard_end date",
    "ALTER TABLE cases DROP CONSTRAINT ck_cases_taken",
    f"""
    ALTER TABLE cases ADD CONSTRAINT ck_cases_taken CHECK (
        ({_WITHOUT_START} OR started_at IS NOT NULL) AND ({_WITHOUT_EXAMINER} OR examiner_id IS NOT NULL))
        NOT VALID
    """,
    "ALTER TABLE cases VALIDATE CONSTRAINT ck_cases_taken",
    """
    CREATE TABLE case_flags (
        id uuid CONSTRAINT pk_case_flags PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_case_flags_case_id_cases REFERENCES cases (id),
        code text NOT NULL,
        reason text NOT NULL CONSTRAINT ck_case_flags_reason CHECK (btrim(reason) <> ''),
        set_by uuid NOT NULL,
        set_at timestamptz NOT NULL,
        removed_by uuid,
        removed_at timestamptz,
        removed_reason text,
        CONSTRAINT ck_case_flags_removed CHECK (
            (removed_at IS NULL) = (removed_by IS NULL) AND (removed_at IS NULL) = (removed_reason IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_case_flags_case_id_code ON case_flags (case_id, code) WHERE removed_at IS NULL",
    """
    CREATE TABLE case_transfers (
        id uuid CONSTRAINT pk_case_transfers PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_case_transfers_case_id_cases REFERENCES cases (id),
        from_office text NOT NULL,
        to_office text NOT NULL,
        reason text NOT NULL CONSTRAINT ck_case_transfers_reason CHECK (btrim(reason) <> ''),
        transferred_by uuid NOT NULL,
        transferred_at timestamptz NOT NULL,
        CONSTRAINT ck_case_transfers_other CHECK (from_office <> to_office)
    )
    """,
    "CREATE INDEX ix_case_transfers_case_id ON case_transfers (case_id)",
    """
    CREATE TABLE examiners (
        id uuid CONSTRAINT pk_examiners PRIMARY KEY,
        office text NOT NULL,
        officer_id uuid NOT NULL,
        procedures jsonb NOT NULL,
        statuses jsonb NOT NULL,
        set_by uuid NOT NULL,
        set_at timestamptz NOT NULL,
        CONSTRAINT uq_examiners_office_officer_id UNIQUE (office, officer_id)
    )
    """,
    """
    CREATE TABLE absences (
        id uuid CONSTRAINT pk_absences PRIMARY KEY,
        office text NOT NULL,
        officer_id uuid NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        ended_by uuid,
        ended_at timestamptz,
        CONSTRAINT ck_absences_days CHECK (first_day <= last_day),
        CONSTRAINT ck_absences_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
    )
    """,
    "CREATE INDEX ix_absences_office_last_day ON absences (office, last_day) WHERE ended_at IS NULL",
    """
    CREATE TABLE clock_notices (
        id uuid CONSTRAINT pk_clock_notices PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_clock_notices_case_id_cases REFERENCES cases (id),
        concern text NOT NULL,
        about date,
        noticed_at timestamptz NOT NULL,
        CONSTRAINT uq_clock_notices_case_id_concern_about UNIQUE NULLS NOT DISTINCT (case_id, concern, about)
    )
    """,
    "CREATE INDEX ix_clock_notices_noticed_at ON clock_notices (noticed_at)",
    f"GRANT SELECT, INSERT, UPDATE ON case_flags, examiners, absences TO {ROLE}",
    f"GRANT SELECT, INSERT ON case_transfers, clock_notices TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("clock_notices", "absences", "examiners", "case_transfers", "case_flags"):
        op.execute(f"DROP TABLE {table}")
    for column in ("standard_end", "act_by", "priority", "examiner_since"):
        op.execute(f"ALTER TABLE cases DROP COLUMN {column}")
    # A case that nobody has any more cannot be written down in the older way: it must have an examiner first.
    op.execute("ALTER TABLE cases DROP CONSTRAINT ck_cases_taken")
    op.execute(
        f"ALTER TABLE cases ADD CONSTRAINT ck_cases_taken CHECK ({_WITHOUT_START}"
        " OR (examiner_id IS NOT NULL AND started_at IS NOT NULL))"
    )
