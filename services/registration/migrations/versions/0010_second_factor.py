"""One-time codes, recovery codes, passkeys, sign-in in two steps, what a session knows of its device."""

from alembic import op

revision = "0010"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

TABLES = """
CREATE TABLE totp_factors (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    sealed_secret text,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step bigint,
    ended_at timestamptz,
    CONSTRAINT pk_totp_factors PRIMARY KEY (id),
    CONSTRAINT ck_totp_factors_secret CHECK ((ended_at IS NULL) = (sealed_secret IS NOT NULL)),
    CONSTRAINT ck_totp_factors_last_step CHECK (last_step IS NULL OR confirmed_at IS NOT NULL),
    CONSTRAINT fk_totp_factors_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_totp_factors_account_id ON totp_factors (account_id);
CREATE UNIQUE INDEX uq_totp_factors_one_in_force ON totp_factors (account_id)
    WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX uq_totp_factors_one_begun ON totp_factors (account_id)
    WHERE confirmed_at IS NULL AND ended_at IS NULL;

CREATE TABLE recovery_codes (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
    CONSTRAINT ck_recovery_codes_digest CHECK (octet_length(digest) = 32),
    CONSTRAINT uq_recovery_codes_account_id_digest UNIQUE (account_id, digest),
    CONSTRAINT fk_recovery_codes_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE TABLE sign_in_challenges (
    digest bytea NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    address_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_sign_in_challenges PRIMARY KEY (digest),
    CONSTRAINT fk_sign_in_challenges_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_sign_in_challenges_account_id ON sign_in_challenges (account_id);
CREATE INDEX ix_sign_in_challenges_expires_at ON sign_in_challenges (expires_at);

CREATE TABLE passkeys (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_passkeys PRIMARY KEY (id),
    CONSTRAINT ck_passkeys_sign_count CHECK (sign_count >= 0),
    CONSTRAINT uq_passkeys_credential_id UNIQUE (credential_id),
    CONSTRAINT fk_passkeys_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_passkeys_account_id ON passkeys (account_id);

CREATE TABLE passkey_challenges (
    digest bytea NOT NULL,
    account_id uuid,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_passkey_challenges PRIMARY KEY (digest),
    CONSTRAINT fk_passkey_challenges_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_passkey_challenges_expires_at ON passkey_challenges (expires_at);

ALTER TABLE sessions ADD COLUMN method text;
ALTER TABLE sessions ADD COLUMN device text;
ALTER TABLE sessions ADD COLUMN place text;
ALTER TABLE sessions ADD COLUMN fresh_until timestamptz;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_method
    CHECK (method IN ('password', 'totp', 'recovery_code', 'passkey'))
"""

GRANTS = (
    f"GRANT SELECT, INSERT, UPDATE ON totp_factors, recovery_codes, passkeys TO {ROLE}",
    # A challenge is gone when it is used or over.
    f"GRANT SELECT, INSERT, DELETE ON sign_in_challenges, passkey_challenges TO {ROLE}",
)


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for grant in GRANTS:
        op.execute(grant)


def downgrade() -> None:
    for column in ("fresh_until", "place", "device", "method"):
        op.execute(f"ALTER TABLE sessions DROP COLUMN {column}")
    for table in ("passkey_challenges", "passkeys", "sign_in_challenges", "recovery_codes", "totp_factors"):
        op.execute(f"DROP TABLE {table}")
