"""Corrections, changes of address and answers to requests after filing, and how long decisions take."""

from alembic import op

revision = "0340"
down_revision = "0310"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

UPGRADE = (
    """
    CREATE TABLE form_versions (
        application_id uuid NOT NULL
            CONSTRAINT fk_form_versions_application_id_applications REFERENCES applications (id),
        number integer NOT NULL,
        form text NOT NULL,
        photo_id uuid,
        attachments jsonb NOT NULL,
        changed text[] NOT NULL,
        reason text,
        made_at timestamptz NOT NULL,
        made_by uuid NOT NULL,
        CONSTRAINT pk_form_versions PRIMARY KEY (application_id, number),
        CONSTRAINT ck_form_versions_corrections_have_a_reason CHECK ((number = 1) = (reason IS NULL))
    )
    """,
    """
    CREATE TABLE correction_requests (
        id uuid CONSTRAINT pk_correction_requests PRIMARY KEY,
        application_id uuid NOT NULL
            CONSTRAINT fk_correction_requests_application_id_applications REFERENCES applications (id),
        form text NOT NULL,
        photo_id uuid,
        attachments jsonb NOT NULL,
        changed text[] NOT NULL,
        reason text NOT NULL,
        state text NOT NULL CONSTRAINT ck_correction_requests_state
            CHECK (state IN ('waiting','agreed','declined','lapsed')),
        requested_at timestamptz NOT NULL,
        requested_by uuid NOT NULL,
        ended_at timestamptz,
        CONSTRAINT ck_correction_requests_ended CHECK ((state = 'waiting') = (ended_at IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_correction_requests_waiting ON correction_requests (application_id)"
    " WHERE state = 'waiting'",
    "CREATE INDEX ix_correction_requests_application_id ON correction_requests (application_id)",
    """
    CREATE TABLE address_changes (
        id uuid CONSTRAINT pk_address_changes PRIMARY KEY,
        application_id uuid NOT NULL
            CONSTRAINT fk_address_changes_application_id_applications REFERENCES applications (id),
        postal_code text,
        address text NOT NULL,
        lives_there_from date NOT NULL,
        office text NOT NULL,
        stated_at timestamptz NOT NULL,
        stated_by uuid NOT NULL
    )
    """,
    "CREATE INDEX ix_address_changes_application_id_stated_at ON address_changes (application_id, stated_at)",
    """
    CREATE TABLE measured_times (
        procedure text NOT NULL,
        status_of_residence text NOT NULL,
        median_days double precision NOT NULL,
        decisions integer NOT NULL,
        measured_at timestamptz NOT NULL,
        CONSTRAINT pk_measured_times PRIMARY KEY (procedure, status_of_residence)
    )
    """,
    """
    CREATE TABLE requested_answers (
        request_id uuid NOT NULL,
        place integer NOT NULL,
        application_id uuid NOT NULL
            CONSTRAINT fk_requested_answers_application_id_applications REFERENCES applications (id),
        document_ids uuid[] NOT NULL,
        why_not text,
        saved_at timestamptz NOT NULL,
        saved_by uuid NOT NULL,
        CONSTRAINT pk_requested_answers PRIMARY KEY (request_id, place),
        CONSTRAINT ck_requested_answers_one_answer CHECK (cardinality(document_ids) = 0 OR why_not IS NULL)
    )
    """,
    "ALTER TABLE additional_submissions ADD COLUMN not_submitted text NOT NULL DEFAULT '[]'",
    "ALTER TABLE additional_submissions DROP CONSTRAINT ck_additional_submissions_at_most_20_files",
    "ALTER TABLE additional_submissions ADD CONSTRAINT ck_additional_submissions_at_most_20_files"
    " CHECK (cardinality(file_ids) <= 20)",
    "ALTER TABLE additional_submissions ADD CONSTRAINT ck_additional_submissions_answered"
    " CHECK (cardinality(file_ids) > 0 OR not_submitted <> '[]')",
    f"GRANT SELECT, INSERT ON form_versions, address_changes TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON correction_requests, requested_answers TO {ROLE}",
    f"GRANT SELECT, INSERT, DELETE ON measured_times TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE additional_submissions DROP CONSTRAINT ck_additional_submissions_answered")
    op.execute("ALTER TABLE additional_submissions DROP CONSTRAINT ck_additional_submissions_at_most_20_files")
    # Answers without any file stay as they are: the old rule holds for new rows alone.
    op.execute(
        "ALTER TABLE additional_submissions ADD CONSTRAINT ck_additional_submissions_at_most_20_files"
        " CHECK (cardinality(file_ids) BETWEEN 1 AND 20) NOT VALID"
    )
    op.execute("ALTER TABLE additional_submissions DROP COLUMN not_submitted")
    for table in ("requested_answers", "measured_times", "address_changes", "correction_requests", "form_versions"):
        op.execute(f"DROP TABLE {table}")
