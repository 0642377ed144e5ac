"""Applications, their progress, and what other services told."""

from alembic import op

from shared.db import baseline

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

TABLES = """
CREATE TABLE applications (
    id uuid CONSTRAINT pk_applications PRIMARY KEY,
    owner_id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    role text NOT NULL,
    procedure text NOT NULL,
    combined_with text[] NOT NULL,
    status_of_residence text NOT NULL,
    form_version text NOT NULL,
    form text NOT NULL,
    notify_email text,
    notify_language text NOT NULL,
    photo_id uuid,
    attachments jsonb NOT NULL,
    file_ids uuid[] NOT NULL CONSTRAINT ck_applications_at_most_20_files CHECK (cardinality(file_ids) <= 20),
    state text NOT NULL
        CONSTRAINT ck_applications_state CHECK (state IN ('draft','received','decided','withdrawn','terminated')),
    revision integer NOT NULL CONSTRAINT ck_applications_revision_positive CHECK (revision > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    reminded_at timestamptz,
    receipt_number text,
    submitted_at timestamptz,
    legal_date date,
    office text,
    category text,
    stay_expiry date,
    special_period_end timestamptz,
    person_key bytea,
    withdrawal_reason text,
    CONSTRAINT ck_applications_numbered_when_filed CHECK ((state = 'draft') = (receipt_number IS NULL)),
    CONSTRAINT ck_applications_dated_when_filed CHECK ((submitted_at IS NULL) = (receipt_number IS NULL)),
    CONSTRAINT ck_applications_filed_whole CHECK (state = 'draft' OR (legal_date IS NOT NULL AND office IS NOT NULL))
);
CREATE UNIQUE INDEX uq_applications_receipt_number ON applications (receipt_number);
CREATE UNIQUE INDEX uq_applications_open_for_person ON applications (owner_id, procedure, person_key)
    WHERE state = 'received';
CREATE INDEX ix_applications_owner_id_created_at ON applications (owner_id, created_at, id);
CREATE INDEX ix_applications_drafts ON applications (updated_at) WHERE state = 'draft';
CREATE INDEX ix_applications_received ON applications (submitted_at) WHERE state = 'received';

CREATE TABLE additional_submissions (
    id uuid CONSTRAINT pk_additional_submissions PRIMARY KEY,
    application_id uuid NOT NULL
        CONSTRAINT fk_additional_submissions_application_id_applications REFERENCES applications (id),
    request_id uuid NOT NULL,
    attachments jsonb NOT NULL,
    file_ids uuid[] NOT NULL
        CONSTRAINT ck_additional_submissions_at_most_20_files CHECK (cardinality(file_ids) BETWEEN 1 AND 20),
    submitted_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_additional_submissions_request_id ON additional_submissions (request_id);
CREATE INDEX ix_additional_submissions_application_id ON additional_submissions (application_id);

CREATE TABLE progress (
    application_id uuid CONSTRAINT pk_progress PRIMARY KEY,
    state text NOT NULL,
    changed_at timestamptz NOT NULL,
    started_at timestamptz,
    outcome text,
    fee_yen bigint,
    fee_paid boolean NOT NULL,
    materials_sent boolean NOT NULL,
    materials_received boolean NOT NULL,
    open_request_id uuid,
    due_on date
);
CREATE TABLE progress_steps (
    event_id uuid CONSTRAINT pk_progress_steps PRIMARY KEY,
    application_id uuid NOT NULL,
    step text NOT NULL,
    at timestamptz NOT NULL,
    data jsonb NOT NULL
);
CREATE INDEX ix_progress_steps_application_id_at ON progress_steps (application_id, at);

CREATE TABLE documents (
    id uuid CONSTRAINT pk_documents PRIMARY KEY,
    owner_id uuid NOT NULL,
    kind text NOT NULL,
    codes text[] NOT NULL,
    size bigint NOT NULL,
    state text NOT NULL CONSTRAINT ck_documents_state CHECK (state IN ('accepted','rejected','deleted')),
    problems text[] NOT NULL,
    told_at timestamptz NOT NULL
);
CREATE TABLE accounts (
    id uuid CONSTRAINT pk_accounts PRIMARY KEY,
    state text NOT NULL CONSTRAINT ck_accounts_state CHECK (state IN ('active','suspended','closed','expired')),
    roles text[] NOT NULL,
    valid_until date,
    told_at timestamptz NOT NULL
);
CREATE TABLE organisation_categories (
    organisation_id uuid NOT NULL,
    valid_from date NOT NULL,
    category text NOT NULL,
    treated_as text NOT NULL,
    CONSTRAINT pk_organisation_categories PRIMARY KEY (organisation_id, valid_from)
)
"""

# A sequence per office and year, made when its first number is asked for: taking a number waits for nobody, so that
# filings of one office do not queue behind each other's commits. A filing that fails leaves a gap. The role may call
# the function and can neither make nor reset a sequence itself.
NEXT_SERIAL = """
CREATE FUNCTION next_serial(office text, year integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := format('receipt_%s_%s', lower(office), year);
BEGIN
    IF office !~ '^[A-Z]{3}$' OR year NOT BETWEEN 2019 AND 2200 THEN
        RAISE EXCEPTION 'no serial for office % and year %', office, year;
    END IF;
    IF to_regclass('public.' || name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I MAXVALUE 999999', name);
    END IF;
    RETURN nextval(format('public.%I', name));
END
$$
"""

TABLE_NAMES = (
    "organisation_categories",
    "accounts",
    "documents",
    "progress_steps",
    "progress",
    "additional_submissions",
    "applications",
)
WRITABLE = "applications, progress, documents, accounts, organisation_categories"


def upgrade() -> None:
    baseline.v1(op, ROLE)
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute(NEXT_SERIAL)
    op.execute("REVOKE ALL ON FUNCTION next_serial(text, integer) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION next_serial(text, integer) TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {WRITABLE} TO {ROLE}")
    # Only drafts are ever deleted, which a row policy repeats: a filed application stays.
    op.execute(f"GRANT DELETE ON applications TO {ROLE}")
    op.execute("ALTER TABLE applications ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY all_rows ON applications FOR ALL TO {ROLE} USING (true)")
    op.execute(
        f"CREATE POLICY only_drafts_go ON applications AS RESTRICTIVE FOR DELETE TO {ROLE} USING (state = 'draft')"
    )
    op.execute(f"GRANT SELECT, INSERT ON progress_steps, additional_submissions TO {ROLE}")


def downgrade() -> None:
    op.execute(
        """
        DO $$ DECLARE name text; BEGIN
            FOR name IN
                SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '^receipt_[a-z]{3}_[0-9]{4}$'
            LOOP
                EXECUTE format('DROP SEQUENCE public.%I', name);
            END LOOP;
        END $$
        """
    )
    op.execute("DROP FUNCTION next_serial(text, integer)")
    for table in TABLE_NAMES:
        op.execute(f"DROP TABLE {table}")
    baseline.drop_v1(op)
