"""Requests for more time to submit requested documents."""

from alembic import op

revision = "0571"
down_revision = "0631"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE more_time_requests (
        id uuid CONSTRAINT pk_more_time_requests PRIMARY KEY,
        application_id uuid NOT NULL
            CONSTRAINT fk_more_time_requests_application_id_applications REFERENCES applications (id),
        request_id uuid NOT NULL,
        wanted_on date NOT NULL,
        reason text NOT NULL,
        state text NOT NULL,
        requested_at timestamptz NOT NULL,
        requested_by uuid NOT NULL,
        due_on date,
        ended_at timestamptz,
        CONSTRAINT ck_more_time_requests_state CHECK (state IN ('waiting','agreed','declined','lapsed')),
        CONSTRAINT ck_more_time_requests_ended CHECK ((state = 'waiting') = (ended_at IS NULL))
    )
    """,
    "CREATE INDEX ix_more_time_requests_application_id ON more_time_requests (application_id)",
    """
    CREATE UNIQUE INDEX uq_more_time_requests_waiting ON more_time_requests (application_id)
        WHERE state = 'waiting'
    """,
    "GRANT SELECT, INSERT, UPDATE ON more_time_requests TO zairyu_application",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE more_time_requests")
