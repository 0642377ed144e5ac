"""Messages, their deliveries, and the address book."""

from alembic import op

from shared.db import baseline

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"

CREATE = (
    """
    CREATE TABLE notifications (
        id uuid NOT NULL CONSTRAINT pk_notifications PRIMARY KEY,
        cause_event_id uuid NOT NULL,
        cause_event_type text NOT NULL,
        template text NOT NULL,
        party text NOT NULL,
        account_id uuid,
        application_id uuid,
        language text NOT NULL,
        state text NOT NULL,
        round integer NOT NULL,
        attempts integer NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        reason text,
        CONSTRAINT uq_notifications_cause_event_id_party_template UNIQUE (cause_event_id, party, template),
        CONSTRAINT ck_notifications_state CHECK (state IN ('created', 'sent', 'failed')),
        CONSTRAINT ck_notifications_ended CHECK ((state = 'created') = (ended_at IS NULL)),
        CONSTRAINT ck_notifications_failed_says_why CHECK ((state = 'failed') = (reason IS NOT NULL)),
        CONSTRAINT ck_notifications_language CHECK (language IN ('ja', 'en'))
    )
    """,
    "CREATE INDEX ix_notifications_created_at ON notifications (created_at, id)",
    "CREATE INDEX ix_notifications_account_id ON notifications (account_id, created_at, id)",
    "CREATE INDEX ix_notifications_application_id ON notifications (application_id, created_at, id)",
    "CREATE INDEX ix_notifications_open ON notifications (created_at) WHERE state = 'created'",
    """
    CREATE TABLE deliveries (
        notification_id uuid NOT NULL CONSTRAINT pk_deliveries PRIMARY KEY,
        work text NOT NULL,
        attempts integer NOT NULL,
        next_try_at timestamptz NOT NULL,
        claimed_at timestamptz,
        last_error text,
        sealed_address text NOT NULL,
        sealed_content text NOT NULL,
        CONSTRAINT ck_deliveries_work CHECK (work IN ('waiting', 'sending', 'done')),
        CONSTRAINT ck_deliveries_claimed CHECK ((work = 'sending') = (claimed_at IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_deliveries_due ON deliveries (next_try_at) WHERE work = 'waiting'",
    "CREATE INDEX ix_deliveries_sending ON deliveries (claimed_at) WHERE work = 'sending'",
    "CREATE INDEX ix_deliveries_done ON deliveries (next_try_at) WHERE work = 'done'",
    """
    CREATE TABLE contacts (
        account_id uuid NOT NULL CONSTRAINT pk_contacts PRIMARY KEY,
        sealed_address text,
        language text NOT NULL,
        as_of timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE applications (
        application_id uuid NOT NULL CONSTRAINT pk_applications PRIMARY KEY,
        account_id uuid NOT NULL,
        procedure text NOT NULL,
        office text NOT NULL,
        sealed_address text,
        language text,
        submitted_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_applications_with_address ON applications (submitted_at) WHERE sealed_address IS NOT NULL",
    # What was told stays known; only addresses and texts can go.
    f"GRANT SELECT, INSERT, UPDATE ON notifications TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON contacts, applications TO {ROLE}",
)
TABLES = ("notifications", "deliveries", "contacts", "applications")


def upgrade() -> None:
    baseline.v1(op, ROLE)
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    baseline.drop_v1(op)
