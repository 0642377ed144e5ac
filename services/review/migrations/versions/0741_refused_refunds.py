"""Refunds that the payment provider refuses for good, and money that is given back otherwise."""

from alembic import op

revision = "0741"
down_revision = "0740"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE refunds ADD COLUMN way text NOT NULL DEFAULT 'provider', ADD COLUMN refused_at timestamptz,"
    " ADD COLUMN refusal text",
    "ALTER TABLE refunds ALTER COLUMN way DROP DEFAULT",
    "ALTER TABLE refunds ADD CONSTRAINT ck_refunds_way CHECK (way IN ('provider', 'otherwise'))",
    """
    ALTER TABLE refunds ADD CONSTRAINT ck_refunds_refused CHECK (
        (refused_at IS NULL) = (refusal IS NULL)
        AND (refused_at IS NULL OR (approved AND refunded_at IS NULL AND way = 'provider')))
    """,
    "DROP INDEX uq_refunds_receipt_id_stands",
    """
    CREATE UNIQUE INDEX uq_refunds_receipt_id_stands ON refunds (receipt_id)
        WHERE approved IS NOT FALSE AND refused_at IS NULL
    """,
)
DOWNGRADE = (
    "DELETE FROM refunds WHERE refused_at IS NOT NULL",
    "DROP INDEX uq_refunds_receipt_id_stands",
    "CREATE UNIQUE INDEX uq_refunds_receipt_id_stands ON refunds (receipt_id) WHERE approved IS NOT FALSE",
    "ALTER TABLE refunds DROP COLUMN way, DROP COLUMN refused_at, DROP COLUMN refusal",
)
# Who proposed and who decided cannot be rewritten, nor the way and what the provider answered.
STANDS = """
    CREATE OR REPLACE FUNCTION refunds_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
        IF OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.approved, NEW.decided_at)
                IS DISTINCT FROM (OLD.decided_by, OLD.approved, OLD.decided_at)
            OR {refused} (NEW.id, NEW.receipt_id, NEW.reason, {new} NEW.proposed_by, NEW.proposed_at)
                IS DISTINCT FROM (OLD.id, OLD.receipt_id, OLD.reason, {old} OLD.proposed_by, OLD.proposed_at) THEN
            RAISE EXCEPTION 'what was proposed and decided, and by whom, stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_refunds_stand';
        END IF;
        RETURN NEW;
    END $$
"""
REFUSED = """OLD.refused_at IS NOT NULL AND (NEW.refused_at, NEW.refusal, NEW.refunded_at)
                IS DISTINCT FROM (OLD.refused_at, OLD.refusal, OLD.refunded_at)
            OR"""


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    op.execute(STANDS.format(refused=REFUSED, new="NEW.way,", old="OLD.way,"))


def downgrade() -> None:
    op.execute(STANDS.format(refused="", new="", old=""))
    for statement in DOWNGRADE:
        op.execute(statement)
