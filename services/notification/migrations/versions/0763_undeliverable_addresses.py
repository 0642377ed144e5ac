"""Mails that came back, and the addresses to which mail does not arrive."""

from alembic import op

revision = "0763"
down_revision = "0762"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"

_TABLES = (
    """
    CREATE TABLE undeliverable_addresses (
        id uuid NOT NULL,
        address_key bytea NOT NULL,
        sealed_address text NOT NULL,
        reason text NOT NULL,
        status text NOT NULL,
        since timestamptz NOT NULL,
        failures integer NOT NULL,
        last_message_id uuid NOT NULL,
        last_failed_at timestamptz NOT NULL,
        lifted_at timestamptz,
        lifted_by text,
        tested_at timestamptz,
        token_digest bytea,
        token_expires_at timestamptz,
        CONSTRAINT pk_undeliverable_addresses PRIMARY KEY (id),
        CONSTRAINT uq_undeliverable_addresses_address_key UNIQUE (address_key),
        CONSTRAINT ck_undeliverable_addresses_reason CHECK (reason IN ('hard', 'soft')),
        CONSTRAINT ck_undeliverable_addresses_lifted_by CHECK (lifted_by IN ('reader', 'operator')),
        CONSTRAINT ck_undeliverable_addresses_lifted CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
        CONSTRAINT ck_undeliverable_addresses_token CHECK ((token_digest IS NULL) = (token_expires_at IS NULL))
    )
    """,
    """
    CREATE TABLE returned_mails (
        message_id uuid NOT NULL,
        round integer NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        source text NOT NULL,
        address_key bytea,
        reported_at timestamptz NOT NULL,
        CONSTRAINT pk_returned_mails PRIMARY KEY (message_id, round),
        CONSTRAINT ck_returned_mails_kind CHECK (kind IN ('hard', 'soft')),
        CONSTRAINT ck_returned_mails_source CHECK (source IN ('mailbox', 'provider'))
    )
    """,
)
_INDEXES = (
    "CREATE INDEX ix_undeliverable_addresses_since ON undeliverable_addresses (since, id) WHERE lifted_at IS NULL",
    "CREATE INDEX ix_undeliverable_addresses_token ON undeliverable_addresses (token_digest)"
    " WHERE token_digest IS NOT NULL",
    "CREATE INDEX ix_undeliverable_addresses_last_failed_at ON undeliverable_addresses (last_failed_at)",
    "CREATE INDEX ix_returned_mails_address_key ON returned_mails (address_key, reported_at)",
    "CREATE INDEX ix_returned_mails_reported_at ON returned_mails (reported_at)",
)


def upgrade() -> None:
    for statement in (*_TABLES, *_INDEXES):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON undeliverable_addresses TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON returned_mails TO {ROLE}")


def downgrade() -> None:
    for table in ("returned_mails", "undeliverable_addresses"):
        op.execute(f"DROP TABLE {table}")
