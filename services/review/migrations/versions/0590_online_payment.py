"""Online payment: orders, money that came in, notices of the provider, refunds, files of days and their differences."""

from alembic import op

revision = "0590"
down_revision = "0570"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

UPGRADE = (
    """
    CREATE TABLE payment_orders (
        id uuid CONSTRAINT pk_payment_orders PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_payment_orders_case_id_cases REFERENCES cases (id),
        method text NOT NULL,
        fee_yen integer NOT NULL CONSTRAINT ck_payment_orders_fee_yen CHECK (fee_yen > 0),
        charge_yen integer NOT NULL CONSTRAINT ck_payment_orders_charge_yen CHECK (charge_yen >= 0),
        state text NOT NULL CONSTRAINT ck_payment_orders_state CHECK (
            state IN ('requested', 'open', 'paid', 'expired', 'cancelled')),
        reference text CONSTRAINT uq_payment_orders_reference UNIQUE,
        pay_number text,
        pay_url text,
        ordered_by uuid,
        ordered_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT ck_payment_orders_open CHECK (state <> 'open' OR reference IS NOT NULL),
        CONSTRAINT ck_payment_orders_ended CHECK ((ended_at IS NULL) = (state IN ('requested', 'open')))
    )
    """,
    "CREATE INDEX ix_payment_orders_case_id ON payment_orders (case_id)",
    """
    CREATE UNIQUE INDEX uq_payment_orders_case_id_live ON payment_orders (case_id)
        WHERE state IN ('requested', 'open')
    """,
    """
    CREATE TABLE payment_receipts (
        id uuid CONSTRAINT pk_payment_receipts PRIMARY KEY,
        transaction_id text NOT NULL CONSTRAINT uq_payment_receipts_transaction_id UNIQUE,
        order_id uuid NOT NULL
            CONSTRAINT fk_payment_receipts_order_id_payment_orders REFERENCES payment_orders (id),
        case_id uuid NOT NULL CONSTRAINT fk_payment_receipts_case_id_cases REFERENCES cases (id),
        amount_yen integer NOT NULL CONSTRAINT ck_payment_receipts_amount_yen CHECK (amount_yen > 0),
        paid_at timestamptz NOT NULL,
        day date NOT NULL,
        state text NOT NULL CONSTRAINT ck_payment_receipts_state CHECK (state IN ('pays', 'surplus', 'refunded')),
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_payment_receipts_case_id ON payment_receipts (case_id)",
    "CREATE INDEX ix_payment_receipts_day ON payment_receipts (day)",
    "CREATE INDEX ix_payment_receipts_surplus ON payment_receipts (id) WHERE state = 'surplus'",
    "CREATE UNIQUE INDEX uq_payment_receipts_case_id_pays ON payment_receipts (case_id) WHERE state = 'pays'",
    """
    CREATE TABLE payment_notices (
        id uuid CONSTRAINT pk_payment_notices PRIMARY KEY,
        event_id text NOT NULL CONSTRAINT uq_payment_notices_event_id UNIQUE,
        kind text NOT NULL CONSTRAINT ck_payment_notices_kind CHECK (kind IN ('paid', 'expired', 'cancelled')),
        order_id uuid NOT NULL,
        case_id uuid CONSTRAINT fk_payment_notices_case_id_cases REFERENCES cases (id),
        transaction_id text,
        amount_yen integer,
        outcome text NOT NULL CONSTRAINT ck_payment_notices_outcome CHECK (outcome IN (
            'applied', 'surplus', 'repeated', 'outdated', 'wrong_amount', 'unknown_order')),
        received_at timestamptz NOT NULL
    )
    """,
    """
    CREATE INDEX ix_payment_notices_refused ON payment_notices (received_at)
        WHERE outcome IN ('wrong_amount', 'unknown_order')
    """,
    """
    CREATE TABLE refunds (
        id uuid CONSTRAINT pk_refunds PRIMARY KEY,
        receipt_id uuid NOT NULL CONSTRAINT fk_refunds_receipt_id_payment_receipts REFERENCES payment_receipts (id),
        reason text NOT NULL CONSTRAINT ck_refunds_reason CHECK (btrim(reason) <> ''),
        proposed_by uuid NOT NULL,
        proposed_at timestamptz NOT NULL,
        approved boolean,
        decided_by uuid,
        decided_at timestamptz,
        note text,
        refunded_at timestamptz,
        CONSTRAINT ck_refunds_four_eyes CHECK (decided_by <> proposed_by),
        CONSTRAINT ck_refunds_decided CHECK (
            (approved IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
        CONSTRAINT ck_refunds_approved_first CHECK (refunded_at IS NULL OR approved)
    )
    """,
    "CREATE UNIQUE INDEX uq_refunds_receipt_id_stands ON refunds (receipt_id) WHERE approved IS NOT FALSE",
    # Who proposed and who decided cannot be rewritten.
    """
    CREATE FUNCTION refunds_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
        IF OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.approved, NEW.decided_at)
                IS DISTINCT FROM (OLD.decided_by, OLD.approved, OLD.decided_at)
            OR (NEW.id, NEW.receipt_id, NEW.reason, NEW.proposed_by, NEW.proposed_at)
                IS DISTINCT FROM (OLD.id, OLD.receipt_id, OLD.reason, OLD.proposed_by, OLD.proposed_at) THEN
            RAISE EXCEPTION 'what was proposed and decided, and by whom, stands' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'tr_refunds_stand';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER tr_refunds_stand BEFORE UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION refunds_stand()",
    """
    CREATE TABLE payment_files (
        day date CONSTRAINT pk_payment_files PRIMARY KEY,
        lines integer NOT NULL,
        read_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE payment_differences (
        id uuid CONSTRAINT pk_payment_differences PRIMARY KEY,
        day date NOT NULL,
        kind text NOT NULL,
        transaction_id text NOT NULL,
        case_id uuid CONSTRAINT fk_payment_differences_case_id_cases REFERENCES cases (id),
        amount_yen integer,
        noted_at timestamptz NOT NULL,
        resolved_by uuid,
        resolved_at timestamptz,
        note text,
        CONSTRAINT ck_payment_differences_resolved CHECK (
            (resolved_by IS NULL) = (resolved_at IS NULL) AND (resolved_at IS NULL OR btrim(note) <> ''))
    )
    """,
    "CREATE UNIQUE INDEX uq_payment_differences_day ON payment_differences (day, kind, transaction_id)",
    "CREATE INDEX ix_payment_differences_open ON payment_differences (day) WHERE resolved_at IS NULL",
    "ALTER TABLE fee_payments ALTER COLUMN recorded_by DROP NOT NULL",
    """
    ALTER TABLE fee_payments ADD COLUMN receipt_id uuid CONSTRAINT uq_fee_payments_receipt_id UNIQUE
        CONSTRAINT fk_fee_payments_receipt_id_payment_receipts REFERENCES payment_receipts (id)
    """,
    """
    ALTER TABLE fee_payments ADD CONSTRAINT ck_fee_payments_one_way
        CHECK ((recorded_by IS NULL) = (receipt_id IS NOT NULL))
    """,
    f"GRANT SELECT, INSERT, UPDATE ON payment_orders, payment_receipts, refunds, payment_differences TO {ROLE}",
    f"GRANT SELECT, INSERT ON payment_notices, payment_files TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE fee_payments DROP CONSTRAINT ck_fee_payments_one_way")
    op.execute("ALTER TABLE fee_payments DROP COLUMN receipt_id")
    op.execute("ALTER TABLE fee_payments ALTER COLUMN recorded_by SET NOT NULL")
    for table in (
        "payment_differences",
        "payment_files",
        "refunds",
        "payment_notices",
        "payment_receipts",
        "payment_orders",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refunds_stand()")
