"""Decisions that take effect later and can be recalled, humans with two accounts, who changed a state last."""

from alembic import op

revision = "0580"
down_revision = "0590"
branch_labels = None
depends_on = None

OPEN = "'RECEIVED', 'UNDER_REVIEW', 'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW', 'PROPOSED'"
GRANTED = """'DECIDED_GRANT', 'AWAITING_FEE', 'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED',
    'DELIVERED', 'CERTIFICATE_ISSUED'"""
ENDED = "'DECIDED_REFUSE', 'NOT_ACCEPTED', 'WITHDRAWN', 'TERMINATED'"

COLUMNS = (
    "ALTER TABLE cases ADD COLUMN state_by uuid",
    """
    ALTER TABLE proposals
        ADD COLUMN proposed_person text,
        ADD COLUMN basis jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN decided_person text,
        ADD COLUMN effective_at timestamptz,
        ADD COLUMN took_effect_at timestamptz,
        ADD COLUMN recalled_by uuid,
        ADD COLUMN recalled_person text,
        ADD COLUMN recalled_at timestamptz,
        ADD COLUMN recall_reason text
    """,
    "ALTER TABLE same_person_findings ADD COLUMN found_person text",
    # Until now a decision took effect at once.
    "ALTER TABLE proposals DISABLE TRIGGER tr_proposals_stand",
    "UPDATE proposals SET effective_at = decided_at, took_effect_at = decided_at WHERE approved",
    "ALTER TABLE proposals ENABLE TRIGGER tr_proposals_stand",
    "ALTER TABLE cases DROP CONSTRAINT ck_cases_state",
    f"ALTER TABLE cases ADD CONSTRAINT ck_cases_state CHECK (state IN ({OPEN}, 'DECIDED', {GRANTED}, {ENDED}))",
    """
    ALTER TABLE proposals
        ADD CONSTRAINT ck_proposals_two_people CHECK (decided_person <> proposed_person),
        ADD CONSTRAINT ck_proposals_effective_at CHECK ((effective_at IS NOT NULL) = coalesce(approved, false)),
        ADD CONSTRAINT ck_proposals_recalled CHECK (
            (recalled_at IS NULL) = (recalled_by IS NULL)
            AND (recalled_at IS NULL) = (recall_reason IS NULL)
            AND (recalled_at IS NULL OR (approved AND took_effect_at IS NULL AND btrim(recall_reason) <> ''))),
        ADD CONSTRAINT ck_proposals_recalled_by_another CHECK (
            recalled_by <> decided_by AND coalesce(recalled_person <> decided_person, true)),
        ADD CONSTRAINT ck_proposals_took_effect CHECK (
            took_effect_at IS NULL OR coalesce(took_effect_at >= effective_at, false))
    """,
    "DROP INDEX uq_proposals_case_id_approved",
    """
    CREATE UNIQUE INDEX uq_proposals_case_id_approved ON proposals (case_id)
        WHERE approved AND recalled_at IS NULL
    """,
    """
    CREATE INDEX ix_proposals_waiting_for_effect ON proposals (effective_at)
        WHERE approved AND recalled_at IS NULL AND took_effect_at IS NULL
    """,
)

STAND = """
    CREATE OR REPLACE FUNCTION proposals_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    DECLARE
        decision CONSTANT text[] := ARRAY['approved', 'decided_by', 'decided_person', 'decided_at', 'note',
            'effective_at'];
        effect CONSTANT text[] := ARRAY['took_effect_at', 'recalled_by', 'recalled_person', 'recalled_at',
            'recall_reason'];
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a proposal is never deleted' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_proposals_stand';
        ELSIF TG_OP = 'INSERT' THEN
            IF NEW.decided_by IS NOT NULL OR NEW.approved IS NOT NULL THEN
                RAISE EXCEPTION 'a proposal is decided after it was made' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'tr_proposals_stand';
            END IF;
            RETURN NEW;
        END IF;
        IF OLD.took_effect_at IS NOT NULL OR OLD.recalled_at IS NOT NULL
            OR (OLD.decided_by IS NOT NULL AND to_jsonb(NEW) - effect IS DISTINCT FROM to_jsonb(OLD) - effect) THEN
            RAISE EXCEPTION 'a decision stands' USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_proposals_stand';
        ELSIF to_jsonb(NEW) - decision - effect IS DISTINCT FROM to_jsonb(OLD) - decision - effect THEN
            RAISE EXCEPTION 'what was proposed, and by whom, stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_proposals_stand';
        ELSIF OLD.decided_by IS NULL AND EXISTS (SELECT FROM proposals earlier
                WHERE earlier.case_id = NEW.case_id AND earlier.id <> NEW.id
                AND (earlier.proposed_by = NEW.decided_by OR earlier.proposed_person = NEW.decided_person)) THEN
            RAISE EXCEPTION 'who proposed on a case decides nothing on it' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_proposals_four_eyes';
        END IF;
        RETURN NEW;
    END $$
"""

DECIDED_BY_TWO = """
    CREATE OR REPLACE FUNCTION cases_decided_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    DECLARE
        wanted text := CASE NEW.state WHEN 'DECIDED_REFUSE' THEN 'refuse' WHEN 'NOT_ACCEPTED' THEN 'not_accept'
            ELSE 'grant' END;
    BEGIN
        IF NOT EXISTS (SELECT FROM proposals WHERE case_id = NEW.id AND approved AND recalled_at IS NULL
                AND decided_by <> proposed_by
                AND (NEW.state = 'DECIDED' OR (outcome = wanted AND took_effect_at IS NOT NULL))) THEN
            RAISE EXCEPTION 'case % is % without a proposal that a second officer approved', NEW.id, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_cases_decided_by_two';
        END IF;
        RETURN NULL;
    END $$
"""

STAND_BEFORE = """
    CREATE OR REPLACE FUNCTION proposals_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
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
"""

DECIDED_BY_TWO_BEFORE = """
    CREATE OR REPLACE FUNCTION cases_decided_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
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
"""

BACK = (
    "DROP INDEX ix_proposals_waiting_for_effect",
    "DROP INDEX uq_proposals_case_id_approved",
    "CREATE UNIQUE INDEX uq_proposals_case_id_approved ON proposals (case_id) WHERE approved",
    "ALTER TABLE cases DROP CONSTRAINT ck_cases_state",
    f"ALTER TABLE cases ADD CONSTRAINT ck_cases_state CHECK (state IN ({OPEN}, {GRANTED}, {ENDED}))",
    """
    ALTER TABLE proposals
        DROP COLUMN proposed_person, DROP COLUMN basis, DROP COLUMN decided_person, DROP COLUMN effective_at,
        DROP COLUMN took_effect_at, DROP COLUMN recalled_by, DROP COLUMN recalled_person, DROP COLUMN recalled_at,
        DROP COLUMN recall_reason
    """,
    "ALTER TABLE same_person_findings DROP COLUMN found_person",
    "ALTER TABLE cases DROP COLUMN state_by",
)


def upgrade() -> None:
    for statement in (*COLUMNS, STAND, DECIDED_BY_TWO):
        op.execute(statement)


def downgrade() -> None:
    # Fails while a case is DECIDED, or was recalled and approved again: the schema before could not hold it.
    for statement in (STAND_BEFORE, DECIDED_BY_TWO_BEFORE, *BACK):
        op.execute(statement)
