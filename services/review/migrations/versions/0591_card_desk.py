"""Batches of cards, letters that came back, and times of counter visits."""

from alembic import op

revision = "0591"
down_revision = "0601"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

# Each condition on the state of a case names the state of a letter that came back wherever it names that of one under
# way, whatever else stands in it. No row can be in a state that is new, so that none is looked at (NOT VALID).
_RENAME = """
    DO $$
    DECLARE
        name text;
        definition text;
    BEGIN
        FOR name, definition IN
            SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'cases'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''DISPATCHED''%'
        LOOP
            EXECUTE format('ALTER TABLE cases DROP CONSTRAINT %I', name);
            EXECUTE format('ALTER TABLE cases ADD CONSTRAINT %I ', name)
                || replace(replace(definition, ' NOT VALID', ''), {old}, {new}) || ' NOT VALID';
        END LOOP;
    END $$
"""
_UNDER_WAY = "'''DISPATCHED''::text'"
_WITH_RETURNED = "'''DISPATCHED''::text, ''RETURNED''::text'"

UPGRADE = (
    _RENAME.format(old=_UNDER_WAY, new=_WITH_RETURNED),
    """
    CREATE TABLE card_returns (
        id uuid CONSTRAINT pk_card_returns PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_card_returns_case_id_cases REFERENCES cases (id),
        kind text NOT NULL CONSTRAINT ck_card_returns_kind CHECK (kind IN ('returned', 'lost')),
        carrier text NOT NULL,
        tracking_number text NOT NULL,
        card_number text CONSTRAINT uq_card_returns_card_number UNIQUE,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT ck_card_returns_lost CHECK ((kind = 'lost') = (card_number IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_card_returns_case_id ON card_returns (case_id)",
    "CREATE INDEX ix_dispatches_tracking_number ON dispatches (tracking_number)",
    """
    CREATE TABLE card_batches (
        id uuid CONSTRAINT pk_card_batches PRIMARY KEY,
        kind text NOT NULL CONSTRAINT ck_card_batches_kind CHECK (kind IN ('print', 'mail')),
        office text NOT NULL,
        made_by uuid NOT NULL,
        made_at timestamptz NOT NULL,
        closed_at timestamptz
    )
    """,
    "CREATE INDEX ix_card_batches_office_made_at ON card_batches (office, made_at)",
    """
    CREATE TABLE batched_cases (
        id uuid CONSTRAINT pk_batched_cases PRIMARY KEY,
        batch_id uuid NOT NULL CONSTRAINT fk_batched_cases_batch_id_card_batches REFERENCES card_batches (id),
        case_id uuid NOT NULL CONSTRAINT fk_batched_cases_case_id_cases REFERENCES cases (id),
        position integer NOT NULL,
        state text NOT NULL,
        state_since timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_batched_cases_case_id ON batched_cases (case_id)",
    "CREATE UNIQUE INDEX uq_batched_cases_batch_id_case_id ON batched_cases (batch_id, case_id)",
    """
    CREATE TABLE counter_bookings (
        case_id uuid CONSTRAINT pk_counter_bookings PRIMARY KEY
            CONSTRAINT fk_counter_bookings_case_id_cases REFERENCES cases (id),
        office text NOT NULL,
        starts_at timestamptz NOT NULL,
        place integer NOT NULL CONSTRAINT ck_counter_bookings_place CHECK (place > 0),
        booked_by uuid NOT NULL,
        booked_at timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX uq_counter_bookings_place ON counter_bookings (office, starts_at, place)",
    f"GRANT SELECT, INSERT ON card_returns, batched_cases TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON card_batches, counter_bookings TO {ROLE}",
    # A second letter, and a second card where the first was lost; the journal keeps the first.
    f"GRANT UPDATE ON cards, dispatches TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE ON cards, dispatches FROM {ROLE}")
    for table in ("counter_bookings", "batched_cases", "card_batches", "card_returns"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP INDEX ix_dispatches_tracking_number")
    op.execute(_RENAME.format(old=_WITH_RETURNED, new=_UNDER_WAY))
