"""Broadcasts with their recipients, and four eyes on them in the data (decision 0008)."""

from alembic import op

revision = "0772"
down_revision = "0771"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"

_TABLES = (
    """
    CREATE TABLE broadcasts (
        id uuid NOT NULL,
        kind text NOT NULL,
        audience text NOT NULL,
        codes text[] NOT NULL,
        texts jsonb NOT NULL,
        by_mail boolean NOT NULL,
        send_at timestamptz,
        banner_from timestamptz,
        banner_until timestamptz,
        banner_ended_at timestamptz,
        state text NOT NULL,
        revision integer NOT NULL,
        writers uuid[] NOT NULL,
        writer_persons text[] NOT NULL,
        created_at timestamptz NOT NULL,
        proposed_by uuid,
        proposed_at timestamptz,
        returned_reason text,
        approved_by uuid,
        approved_person text,
        approved_at timestamptz,
        started_at timestamptz,
        recipients integer,
        handed_over integer NOT NULL,
        left_out integer NOT NULL,
        reached uuid,
        ended_at timestamptz,
        stopped_by uuid,
        stopped_reason text,
        CONSTRAINT pk_broadcasts PRIMARY KEY (id),
        CONSTRAINT ck_broadcasts_kind CHECK (kind IN ('maintenance', 'law', 'other')),
        CONSTRAINT ck_broadcasts_audience CHECK (
            audience IN ('everyone', 'user_class', 'office', 'procedure', 'officers')),
        CONSTRAINT ck_broadcasts_codes CHECK ((audience IN ('everyone', 'officers')) = (cardinality(codes) = 0)),
        CONSTRAINT ck_broadcasts_texts CHECK (texts ? 'ja' AND texts ? 'en'),
        CONSTRAINT ck_broadcasts_banner CHECK (
            (banner_from IS NULL) = (banner_until IS NULL) AND banner_until > banner_from),
        CONSTRAINT ck_broadcasts_state CHECK (
            state IN ('draft', 'proposed', 'scheduled', 'sending', 'sent', 'stopped')),
        CONSTRAINT ck_broadcasts_proposed CHECK (
            (proposed_by IS NULL) = (proposed_at IS NULL)
            AND (state IN ('draft', 'stopped') OR proposed_by IS NOT NULL)),
        CONSTRAINT ck_broadcasts_approved CHECK (
            (approved_by IS NULL) = (approved_at IS NULL)
            AND (state NOT IN ('scheduled', 'sending', 'sent') OR approved_by IS NOT NULL)
            AND (state NOT IN ('draft', 'proposed') OR approved_by IS NULL)),
        CONSTRAINT ck_broadcasts_four_eyes CHECK (
            approved_by IS NULL
            OR (approved_by <> ALL (writers) AND coalesce(approved_person <> ALL (writer_persons), true))),
        CONSTRAINT ck_broadcasts_written CHECK (
            cardinality(writers) > 0 AND coalesce(proposed_by = ANY (writers), true)),
        CONSTRAINT ck_broadcasts_started CHECK (
            (started_at IS NULL) = (recipients IS NULL)
            AND (state NOT IN ('sending', 'sent') OR started_at IS NOT NULL)),
        CONSTRAINT ck_broadcasts_counts CHECK (handed_over + left_out <= coalesce(recipients, 0)),
        CONSTRAINT ck_broadcasts_ended CHECK ((ended_at IS NOT NULL) = (state IN ('sent', 'stopped'))),
        CONSTRAINT ck_broadcasts_stopped CHECK (
            (state = 'stopped') = (stopped_by IS NOT NULL) AND (stopped_by IS NULL) = (stopped_reason IS NULL))
    )
    """,
    """
    CREATE TABLE broadcast_recipients (
        broadcast_id uuid NOT NULL,
        account_id uuid NOT NULL,
        is_officer boolean NOT NULL,
        CONSTRAINT pk_broadcast_recipients PRIMARY KEY (broadcast_id, account_id),
        CONSTRAINT fk_broadcast_recipients_broadcast_id_broadcasts FOREIGN KEY (broadcast_id) REFERENCES broadcasts (id)
    )
    """,
    "CREATE INDEX ix_broadcasts_created_at ON broadcasts (created_at, id)",
    "CREATE INDEX ix_broadcasts_banner_until ON broadcasts (banner_until) WHERE banner_until IS NOT NULL",
    f"GRANT SELECT, INSERT, UPDATE ON broadcasts TO {ROLE}",
    f"GRANT SELECT, INSERT ON broadcast_recipients TO {ROLE}",
)

# What a CHECK cannot see: what a row was before.
_STAND = """
    CREATE FUNCTION broadcasts_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    DECLARE
        content CONSTANT text[] := ARRAY['kind', 'audience', 'codes', 'texts', 'by_mail', 'send_at', 'banner_from',
            'banner_until'];
        steps CONSTANT text[] := ARRAY['draft draft', 'draft proposed', 'draft stopped', 'proposed draft',
            'proposed scheduled', 'proposed stopped', 'scheduled sending', 'scheduled stopped', 'sending sending',
            'sending sent', 'sending stopped', 'sent sent'];
        new_row jsonb := to_jsonb(NEW);
        old_row jsonb;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'a broadcast begins as a draft' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'tr_broadcasts_stand';
            END IF;
            RETURN NEW;
        END IF;
        old_row := to_jsonb(OLD);
        IF NOT OLD.state || ' ' || NEW.state = ANY (steps) THEN
            RAISE EXCEPTION 'a broadcast goes from % to % by no step', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_broadcasts_stand';
        ELSIF OLD.state = 'sent' AND new_row - 'banner_ended_at' <> old_row - 'banner_ended_at' THEN
            RAISE EXCEPTION 'a broadcast that was sent stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_broadcasts_stand';
        ELSIF (OLD.state, NEW.state) IS DISTINCT FROM ('draft', 'draft') AND EXISTS (
            SELECT FROM unnest(content) AS name WHERE new_row -> name IS DISTINCT FROM old_row -> name) THEN
            RAISE EXCEPTION 'what was proposed stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_broadcasts_stand';
        ELSIF NOT NEW.writers @> OLD.writers OR NOT NEW.writer_persons @> OLD.writer_persons
            OR (OLD.state <> 'draft' AND (NEW.writers, NEW.writer_persons)
                IS DISTINCT FROM (OLD.writers, OLD.writer_persons)) THEN
            RAISE EXCEPTION 'who wrote a broadcast stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_broadcasts_stand';
        ELSIF (NEW.approved_by, NEW.approved_person, NEW.approved_at)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_person, OLD.approved_at)
            AND (OLD.state, NEW.state) IS DISTINCT FROM ('proposed', 'scheduled') THEN
            RAISE EXCEPTION 'an approval stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_broadcasts_stand';
        END IF;
        RETURN NEW;
    END $$
"""
_TRIGGER = """
    CREATE TRIGGER tr_broadcasts_stand BEFORE INSERT OR UPDATE ON broadcasts
    FOR EACH ROW EXECUTE FUNCTION broadcasts_stand()
"""


def upgrade() -> None:
    for statement in (*_TABLES, _STAND, _TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE broadcast_recipients")
    op.execute("DROP TABLE broadcasts")
    op.execute("DROP FUNCTION broadcasts_stand()")
