"""Stopped broadcasts can be resumed for a time, and go on where they were."""

from alembic import op

revision = "0900"
down_revision = "0885"
branch_labels = None
depends_on = None

_CHECK = "ck_broadcasts_resumable"

# As made by 0772, with the step that is given.
_STAND = """
    CREATE OR REPLACE FUNCTION broadcasts_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    DECLARE
        content CONSTANT text[] := ARRAY['kind', 'audience', 'codes', 'texts', 'by_mail', 'send_at', 'banner_from',
            'banner_until'];
        steps CONSTANT text[] := ARRAY['draft draft', 'draft proposed', 'draft stopped', 'proposed draft',
            'proposed scheduled', 'proposed stopped', 'scheduled sending', 'scheduled stopped', 'sending sending',
            'sending sent', 'sending stopped', 'sent sent'%s];
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
            RAISE EXCEPTION 'a broadcast goes from %% to %% by no step', OLD.state, NEW.state
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
        ELSIF (OLD.recipients, OLD.started_at) IS DISTINCT FROM (NEW.recipients, NEW.started_at)
            AND OLD.started_at IS NOT NULL THEN
            RAISE EXCEPTION 'the recipients of a broadcast stand' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_broadcasts_stand';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE broadcasts ADD COLUMN resumable_until timestamptz")
    op.execute(
        f"ALTER TABLE broadcasts ADD CONSTRAINT {_CHECK} CHECK (resumable_until IS NULL"
        " OR (state = 'stopped' AND approved_by IS NOT NULL)) NOT VALID"
    )
    op.execute(_STAND % ", 'stopped scheduled'")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE broadcasts VALIDATE CONSTRAINT {_CHECK}")


def downgrade() -> None:
    op.execute(_STAND % "")
    op.execute("ALTER TABLE broadcasts DROP COLUMN resumable_until")
