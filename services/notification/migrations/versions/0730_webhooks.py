"""Webhooks of outside systems: addresses, secrets, messages and attempts."""

from alembic import op

revision = "0730"
down_revision = "0720"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"

_TABLES = (
    """
    CREATE TABLE webhooks (
        id uuid NOT NULL,
        owner_id uuid NOT NULL,
        organisation_id uuid,
        role text NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        url text NOT NULL,
        types jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        enabled_at timestamptz NOT NULL,
        disabled_at timestamptz,
        disabled_reason text,
        removed_at timestamptz,
        revision integer NOT NULL,
        CONSTRAINT pk_webhooks PRIMARY KEY (id),
        CONSTRAINT ck_webhooks_types CHECK (jsonb_typeof(types) = 'array'),
        CONSTRAINT ck_webhooks_disabled CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
    )
    """,
    """
    CREATE TABLE webhook_secrets (
        id uuid NOT NULL,
        webhook_id uuid NOT NULL,
        sealed_secret text NOT NULL,
        created_at timestamptz NOT NULL,
        ends_at timestamptz,
        CONSTRAINT pk_webhook_secrets PRIMARY KEY (id),
        CONSTRAINT fk_webhook_secrets_webhook_id_webhooks FOREIGN KEY (webhook_id) REFERENCES webhooks (id)
    )
    """,
    """
    CREATE TABLE webhook_health (
        webhook_id uuid NOT NULL,
        failing_since timestamptz,
        failures integer NOT NULL,
        paused_until timestamptz,
        CONSTRAINT pk_webhook_health PRIMARY KEY (webhook_id),
        CONSTRAINT fk_webhook_health_webhook_id_webhooks FOREIGN KEY (webhook_id) REFERENCES webhooks (id)
    )
    """,
    """
    CREATE TABLE webhook_messages (
        id uuid NOT NULL,
        position bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        webhook_id uuid NOT NULL,
        event_id uuid NOT NULL,
        type text NOT NULL,
        subject uuid NOT NULL,
        body text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        earlier_attempts integer NOT NULL,
        created_at timestamptz NOT NULL,
        next_try_at timestamptz NOT NULL,
        first_tried_at timestamptz,
        ended_at timestamptz,
        claimed_by bigint,
        CONSTRAINT pk_webhook_messages PRIMARY KEY (id),
        CONSTRAINT uq_webhook_messages_webhook_id_event_id UNIQUE (webhook_id, event_id),
        CONSTRAINT fk_webhook_messages_webhook_id_webhooks FOREIGN KEY (webhook_id) REFERENCES webhooks (id),
        CONSTRAINT ck_webhook_messages_state CHECK (state IN ('waiting', 'sending', 'accepted', 'failed')),
        CONSTRAINT ck_webhook_messages_claimed CHECK ((state = 'sending') = (claimed_by IS NOT NULL)),
        CONSTRAINT ck_webhook_messages_ended CHECK ((state IN ('accepted', 'failed')) = (ended_at IS NOT NULL))
    )
    """,
    """
    CREATE TABLE webhook_attempts (
        message_id uuid NOT NULL,
        number integer NOT NULL,
        at timestamptz NOT NULL,
        milliseconds integer NOT NULL,
        outcome text NOT NULL,
        status integer,
        sent jsonb NOT NULL,
        answered jsonb NOT NULL,
        sealed_answer text,
        CONSTRAINT pk_webhook_attempts PRIMARY KEY (message_id, number),
        CONSTRAINT fk_webhook_attempts_message_id_webhook_messages FOREIGN KEY (message_id)
            REFERENCES webhook_messages (id) ON DELETE CASCADE
    )
    """,
)
_INDEXES = (
    "CREATE INDEX ix_webhooks_owner_id_role ON webhooks (owner_id, role) WHERE removed_at IS NULL",
    "CREATE INDEX ix_webhooks_account_id ON webhooks (account_id) WHERE removed_at IS NULL",
    "CREATE INDEX ix_webhook_secrets_webhook_id ON webhook_secrets (webhook_id)",
    "CREATE INDEX ix_webhook_messages_due ON webhook_messages (webhook_id, next_try_at) WHERE state = 'waiting'",
    "CREATE INDEX ix_webhook_messages_order ON webhook_messages (webhook_id, subject, position)"
    " WHERE state IN ('waiting', 'sending')",
    "CREATE INDEX ix_webhook_messages_sending ON webhook_messages (claimed_by) WHERE state = 'sending'",
    "CREATE INDEX ix_webhook_messages_log ON webhook_messages (webhook_id, position)",
    "CREATE INDEX ix_webhook_messages_created_at ON webhook_messages (created_at)",
)


def upgrade() -> None:
    for statement in (*_TABLES, *_INDEXES):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON webhooks, webhook_secrets, webhook_health TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_messages TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON webhook_attempts TO {ROLE}")


def downgrade() -> None:
    for table in ("webhook_attempts", "webhook_messages", "webhook_health", "webhook_secrets", "webhooks"):
        op.execute(f"DROP TABLE {table}")
