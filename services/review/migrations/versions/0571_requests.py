"""More time for requested documents, and interviews that are moved, cancelled and closed."""

from alembic import op

revision = "0571"
down_revision = "0591"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

UPGRADE = (
    """
    CREATE TABLE more_time_requests (
        id uuid CONSTRAINT pk_more_time_requests PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_more_time_requests_case_id_cases REFERENCES cases (id),
        request_id uuid NOT NULL
            CONSTRAINT fk_more_time_requests_request_id_document_requests REFERENCES document_requests (id),
        wanted_on date NOT NULL,
        requested_at timestamptz NOT NULL,
        agreed boolean,
        due_on date,
        answered_by uuid,
        answered_at timestamptz,
        reason text,
        lapsed_at timestamptz,
        CONSTRAINT ck_more_time_requests_answered CHECK ((agreed IS NULL) = (answered_at IS NULL)),
        CONSTRAINT ck_more_time_requests_declined_says_why CHECK (agreed IS NOT FALSE OR reason IS NOT NULL),
        CONSTRAINT ck_more_time_requests_agreed_says_until_when CHECK (agreed IS NOT TRUE OR due_on IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_more_time_requests_case_id ON more_time_requests (case_id)",
    """
    CREATE UNIQUE INDEX uq_more_time_requests_waiting ON more_time_requests (request_id)
        WHERE answered_at IS NULL AND lapsed_at IS NULL
    """,
    f"GRANT SELECT, INSERT, UPDATE ON more_time_requests TO {ROLE}",
    """
    ALTER TABLE interviews
        ADD COLUMN kind text NOT NULL DEFAULT 'interview'
            CONSTRAINT ck_interviews_kind CHECK (kind IN ('interview', 'inquiry')),
        ADD COLUMN place text,
        ADD COLUMN moved_at timestamptz,
        ADD COLUMN cancelled_by uuid,
        ADD COLUMN cancelled_at timestamptz,
        ADD COLUMN cancel_reason text,
        ADD COLUMN closed_at timestamptz,
        ADD CONSTRAINT ck_interviews_cancelled CHECK (
            (cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancel_reason IS NULL))
    """,
    "CREATE INDEX ix_interviews_open ON interviews (held_at) WHERE closed_at IS NULL",
    f"GRANT UPDATE ON interviews TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("REVOKE UPDATE ON interviews FROM zairyu_review")
    op.execute("DROP INDEX ix_interviews_open")
    op.execute(
        "ALTER TABLE interviews DROP CONSTRAINT ck_interviews_cancelled, DROP COLUMN kind, DROP COLUMN place,"
        " DROP COLUMN moved_at, DROP COLUMN cancelled_by, DROP COLUMN cancelled_at, DROP COLUMN cancel_reason,"
        " DROP COLUMN closed_at"
    )
    op.execute("DROP TABLE more_time_requests")
