"""Cases, examination, decision, handing over."""

from alembic import op

from shared.db import baseline

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

TABLES = (
    """
    CREATE TABLE cases (
        id uuid CONSTRAINT pk_cases PRIMARY KEY,
        application_id uuid NOT NULL CONSTRAINT uq_cases_application_id UNIQUE,
        receipt_number text NOT NULL CONSTRAINT uq_cases_receipt_number UNIQUE,
        account_id uuid NOT NULL,
        owner_id uuid NOT NULL,
        organisation_id uuid,
        procedure text NOT NULL,
        combined_with jsonb NOT NULL,
        status_of_residence text NOT NULL,
        category text,
        form_section text NOT NULL,
        form_version text NOT NULL,
        nationality text NOT NULL,
        office text NOT NULL CONSTRAINT ck_cases_office CHECK (office <> ''),
        submitted_at timestamptz NOT NULL,
        legal_date date NOT NULL,
        stay_expiry date,
        special_period_end timestamptz,
        requested_period text,
        receipt_method text,
        document_ids jsonb NOT NULL,
        photo_id uuid,
        state text NOT NULL CONSTRAINT ck_cases_state CHECK (state IN (
            'RECEIVED', 'UNDER_REVIEW', 'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW', 'PROPOSED',
            'DECIDED_GRANT', 'AWAITING_FEE', 'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED',
            'DELIVERED', 'CERTIFICATE_ISSUED', 'DECIDED_REFUSE', 'NOT_ACCEPTED', 'WITHDRAWN', 'TERMINATED')),
        state_since timestamptz NOT NULL,
        examiner_id uuid,
        started_at timestamptz,
        documents_due date,
        fee_yen integer CONSTRAINT ck_cases_fee_yen CHECK (fee_yen >= 0),
        fee_paid boolean NOT NULL,
        materials_received boolean NOT NULL,
        stay_until date,
        granted_period text,
        CONSTRAINT uq_cases_id_fee_yen UNIQUE (id, fee_yen),
        CONSTRAINT ck_cases_taken CHECK (
            state IN ('RECEIVED', 'WITHDRAWN', 'TERMINATED') OR (examiner_id IS NOT NULL AND started_at IS NOT NULL)),
        CONSTRAINT ck_cases_not_taken CHECK (state <> 'RECEIVED' OR examiner_id IS NULL),
        CONSTRAINT ck_cases_documents_due CHECK ((state = 'DOCS_REQUESTED') = (documents_due IS NOT NULL)),
        CONSTRAINT ck_cases_fee_known CHECK ((fee_yen IS NOT NULL) = (state IN (
            'DECIDED_GRANT', 'AWAITING_FEE', 'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED',
            'DELIVERED', 'CERTIFICATE_ISSUED'))),
        CONSTRAINT ck_cases_paid_for CHECK (fee_paid OR state NOT IN (
            'DECIDED_GRANT', 'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED', 'DELIVERED',
            'CERTIFICATE_ISSUED')),
        CONSTRAINT ck_cases_materials_here CHECK (materials_received OR state NOT IN (
            'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED', 'DELIVERED'))
    )
    """,
    "CREATE INDEX ix_cases_office_state_submitted_at_id ON cases (office, state, submitted_at, id)",
    "CREATE INDEX ix_cases_state_submitted_at_id ON cases (state, submitted_at, id)",
    "CREATE INDEX ix_cases_office_submitted_at_id ON cases (office, submitted_at, id)",
    "CREATE INDEX ix_cases_submitted_at_id ON cases (submitted_at, id)",
    "CREATE INDEX ix_cases_examiner_id_submitted_at_id ON cases (examiner_id, submitted_at, id)",
    "CREATE INDEX ix_cases_state_state_since ON cases (state, state_since)",
    """
    CREATE TABLE examinations (
        id uuid CONSTRAINT pk_examinations PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_examinations_case_id_cases REFERENCES cases (id),
        examiner_id uuid NOT NULL,
        findings jsonb NOT NULL CONSTRAINT ck_examinations_findings CHECK (
            NOT jsonb_path_exists(findings, '$.* ? (@ != "yes" && @ != "no" && @ != "unknown" && @ != "not_asked")')),
        note text,
        examined_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_examinations_case_id ON examinations (case_id)",
    """
    CREATE TABLE document_requests (
        id uuid CONSTRAINT pk_document_requests PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_document_requests_case_id_cases REFERENCES cases (id),
        items jsonb NOT NULL CONSTRAINT ck_document_requests_items CHECK (jsonb_array_length(items) > 0),
        due_on date NOT NULL,
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        overdue_at timestamptz,
        answered_at timestamptz,
        document_ids jsonb NOT NULL,
        closed_at timestamptz,
        CONSTRAINT ck_document_requests_answered CHECK (answered_at IS NULL OR closed_at IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_document_requests_case_id ON document_requests (case_id)",
    "CREATE INDEX ix_document_requests_open ON document_requests (due_on) WHERE closed_at IS NULL",
    """
    CREATE TABLE interviews (
        id uuid CONSTRAINT pk_interviews PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_interviews_case_id_cases REFERENCES cases (id),
        held_at timestamptz,
        instructions text,
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_interviews_case_id ON interviews (case_id)",
    """
    CREATE TABLE proposals (
        id uuid CONSTRAINT pk_proposals PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_proposals_case_id_cases REFERENCES cases (id),
        outcome text NOT NULL CONSTRAINT ck_proposals_outcome CHECK (outcome IN ('grant', 'refuse', 'not_accept')),
        period_of_stay text,
        reentry text CONSTRAINT ck_proposals_reentry CHECK (reentry IN ('single', 'multiple')),
        reason_code text,
        reason text,
        proposed_by uuid NOT NULL,
        proposed_at timestamptz NOT NULL,
        approved boolean,
        decided_by uuid,
        decided_at timestamptz,
        note text,
        CONSTRAINT ck_proposals_four_eyes CHECK (decided_by <> proposed_by),
        CONSTRAINT ck_proposals_decided CHECK (
            (approved IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
        CONSTRAINT ck_proposals_reason CHECK (
            outcome = 'grant' OR (reason_code IS NOT NULL AND reason IS NOT NULL AND btrim(reason) <> '')),
        CONSTRAINT ck_proposals_period CHECK (outcome = 'grant' OR period_of_stay IS NULL),
        CONSTRAINT ck_proposals_note CHECK (approved OR approved IS NULL OR (note IS NOT NULL AND btrim(note) <> ''))
    )
    """,
    "CREATE UNIQUE INDEX uq_proposals_case_id_open ON proposals (case_id) WHERE decided_at IS NULL",
    "CREATE UNIQUE INDEX uq_proposals_case_id_approved ON proposals (case_id) WHERE approved",
    "CREATE INDEX ix_proposals_case_id ON proposals (case_id)",
    """
    CREATE TABLE fee_payments (
        case_id uuid CONSTRAINT pk_fee_payments PRIMARY KEY,
        amount_yen integer NOT NULL CONSTRAINT ck_fee_payments_amount_yen CHECK (amount_yen > 0),
        paid_on date NOT NULL,
        reference text NOT NULL,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT fk_fee_payments_case_id_cases FOREIGN KEY (case_id, amount_yen) REFERENCES cases (id, fee_yen)
    )
    """,
    """
    CREATE TABLE card_materials (
        case_id uuid CONSTRAINT pk_card_materials PRIMARY KEY
            CONSTRAINT fk_card_materials_case_id_cases REFERENCES cases (id),
        carrier text,
        tracking_number text,
        fee_reference text,
        sent_at timestamptz,
        residence_card_received boolean,
        received_by uuid,
        received_at timestamptz,
        CONSTRAINT ck_card_materials_received CHECK (
            (received_at IS NULL) = (received_by IS NULL)
            AND (received_at IS NULL) = (residence_card_received IS NULL))
    )
    """,
    """
    CREATE TABLE cards (
        case_id uuid CONSTRAINT pk_cards PRIMARY KEY CONSTRAINT fk_cards_case_id_cases REFERENCES cases (id),
        card_number text NOT NULL CONSTRAINT uq_cards_card_number UNIQUE
            CONSTRAINT ck_cards_card_number CHECK (card_number ~ '^[A-Z]{2}[0-9]{8}[A-Z]{2}$'),
        expires_on date NOT NULL,
        issued_by uuid NOT NULL,
        issued_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE dispatches (
        case_id uuid CONSTRAINT pk_dispatches PRIMARY KEY CONSTRAINT fk_dispatches_case_id_cases REFERENCES cases (id),
        carrier text NOT NULL,
        tracking_number text NOT NULL CONSTRAINT ck_dispatches_tracking_number
            CHECK (tracking_number ~ '^[0-9]{11,13}$'),
        mailed_by uuid NOT NULL,
        mailed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE certificates (
        case_id uuid CONSTRAINT pk_certificates PRIMARY KEY
            CONSTRAINT fk_certificates_case_id_cases REFERENCES cases (id),
        method text NOT NULL CONSTRAINT ck_certificates_method CHECK (method IN ('POST', 'EMAIL')),
        valid_until date,
        issued_by uuid NOT NULL,
        issued_at timestamptz NOT NULL
    )
    """,
)

# A CHECK sees one row as it will be. That who proposed and who decided cannot be rewritten, and that no case is
# decided without such a pair, needs to see the row as it was, and the other table.
TRIGGERS = (
    """
    CREATE FUNCTION proposals_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a proposal is never deleted' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_proposals_stand';
        ELSIF TG_OP = 'INSERT' THEN
            IF NEW.decided_by IS NOT NULL OR NEW.approved IS NOT NULL THEN
                RAISE EXCEPTION 'a proposal is decided after it was made' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'tr_proposals_stand';
            END IF;
        ELSIF OLD.decided_by IS NOT NULL THEN
            RAISE EXCEPTION 'a decision stands' USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_proposals_stand';
        ELSIF (NEW.id, NEW.case_id, NEW.outcome, NEW.proposed_by, NEW.proposed_at)
                IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.outcome, OLD.proposed_by, OLD.proposed_at)
            OR (NEW.period_of_stay, NEW.reentry, NEW.reason_code, NEW.reason)
                IS DISTINCT FROM (OLD.period_of_stay, OLD.reentry, OLD.reason_code, OLD.reason) THEN
            RAISE EXCEPTION 'what was proposed, and by whom, stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_proposals_stand';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER tr_proposals_stand BEFORE INSERT OR UPDATE OR DELETE ON proposals
        FOR EACH ROW EXECUTE FUNCTION proposals_stand()
    """,
    """
    CREATE FUNCTION cases_decided_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    DECLARE
        wanted text := CASE NEW.state WHEN 'DECIDED_REFUSE' THEN 'refuse' WHEN 'NOT_ACCEPTED' THEN 'not_accept'
            ELSE 'grant' END;
    BEGIN
        IF NOT EXISTS (SELECT FROM proposals WHERE case_id = NEW.id AND approved AND outcome = wanted
                AND decided_by <> proposed_by) THEN
            RAISE EXCEPTION 'case % is % without a proposal that a second officer approved', NEW.id, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_cases_decided_by_two';
        END IF;
        RETURN NULL;
    END $$
    """,
    # At commit, because one command writes the case and the proposal in an order of its own.
    """
    CREATE CONSTRAINT TRIGGER tr_cases_decided_by_two AFTER INSERT OR UPDATE ON cases
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.state NOT IN ('RECEIVED', 'UNDER_REVIEW', 'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW',
            'PROPOSED', 'WITHDRAWN', 'TERMINATED'))
        EXECUTE FUNCTION cases_decided_by_two()
    """,
)

GRANTS = (
    f"GRANT SELECT, INSERT, UPDATE ON cases, document_requests, proposals, card_materials TO {ROLE}",
    f"GRANT SELECT, INSERT ON examinations, interviews, fee_payments, cards, dispatches, certificates TO {ROLE}",
)


def upgrade() -> None:
    baseline.v1(op, ROLE)
    for statement in (*TABLES, *TRIGGERS, *GRANTS):
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "certificates",
        "dispatches",
        "cards",
        "card_materials",
        "fee_payments",
        "proposals",
        "interviews",
        "document_requests",
        "examinations",
        "cases",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION cases_decided_by_two()")
    op.execute("DROP FUNCTION proposals_stand()")
    baseline.drop_v1(op)
