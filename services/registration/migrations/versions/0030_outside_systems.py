"""Clients of outside systems and their secrets; what people let them do: codes, authorisations, refresh tokens."""

from alembic import op

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

_ROLES = """'lawyer_scrivener', 'legal_rep', 'org_staff', 'public_interest_staff', 'relative', 'rso_staff', 'self',
        'supervising_org_staff'"""
_SCOPES = """'["application:read", "application:write", "document:read", "document:write", "notification:read",
        "registration:read"]'::jsonb"""

TABLES = f"""
CREATE TABLE api_clients (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    role text NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    networks jsonb NOT NULL,
    redirect_uris jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    revision integer NOT NULL,
    CONSTRAINT pk_api_clients PRIMARY KEY (id),
    CONSTRAINT ck_api_clients_role CHECK (role IN ({_ROLES})),
    CONSTRAINT ck_api_clients_scopes CHECK (scopes <@ {_SCOPES} AND jsonb_array_length(scopes) > 0),
    CONSTRAINT ck_api_clients_lists
        CHECK (jsonb_typeof(networks) = 'array' AND jsonb_typeof(redirect_uris) = 'array'),
    CONSTRAINT ck_api_clients_expiry CHECK (expires_at > created_at),
    CONSTRAINT ck_api_clients_revoked CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CONSTRAINT fk_api_clients_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_api_clients_organisation_id_organisations
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_api_clients_account_id ON api_clients (account_id);
CREATE INDEX ix_api_clients_organisation_id_role ON api_clients (organisation_id, role);
CREATE INDEX ix_api_clients_revoked_at ON api_clients (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE api_client_secrets (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    slot integer NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_api_client_secrets PRIMARY KEY (id),
    CONSTRAINT ck_api_client_secrets_digest CHECK (octet_length(digest) = 32),
    CONSTRAINT ck_api_client_secrets_slot CHECK (slot IN (1, 2)),
    CONSTRAINT uq_api_client_secrets_digest UNIQUE (digest),
    CONSTRAINT fk_api_client_secrets_client_id_api_clients FOREIGN KEY(client_id) REFERENCES api_clients (id)
);
CREATE INDEX ix_api_client_secrets_client_id ON api_client_secrets (client_id);
CREATE UNIQUE INDEX uq_api_client_secrets_two_in_force ON api_client_secrets (client_id, slot)
    WHERE ended_at IS NULL;

CREATE TABLE api_client_uses (
    secret_id uuid NOT NULL,
    last_used_at timestamptz NOT NULL,
    CONSTRAINT pk_api_client_uses PRIMARY KEY (secret_id),
    CONSTRAINT fk_api_client_uses_secret_id_api_client_secrets
        FOREIGN KEY(secret_id) REFERENCES api_client_secrets (id)
);

CREATE TABLE authorizations (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    role text,
    scopes jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT pk_authorizations PRIMARY KEY (id),
    CONSTRAINT ck_authorizations_role CHECK (role IN ({_ROLES})),
    CONSTRAINT ck_authorizations_scopes CHECK (scopes <@ {_SCOPES} AND jsonb_array_length(scopes) > 0),
    CONSTRAINT ck_authorizations_expiry CHECK (expires_at > started_at),
    CONSTRAINT ck_authorizations_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT fk_authorizations_client_id_api_clients FOREIGN KEY(client_id) REFERENCES api_clients (id),
    CONSTRAINT fk_authorizations_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_authorizations_client_id ON authorizations (client_id);
CREATE INDEX ix_authorizations_open ON authorizations (account_id) WHERE ended_at IS NULL;
CREATE INDEX ix_authorizations_ended_at ON authorizations (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE authorization_codes (
    digest bytea NOT NULL,
    client_id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    role text,
    scopes jsonb NOT NULL,
    redirect_uri text NOT NULL,
    challenge text NOT NULL,
    expires_at timestamptz NOT NULL,
    authorization_id uuid,
    CONSTRAINT pk_authorization_codes PRIMARY KEY (digest),
    CONSTRAINT ck_authorization_codes_digest CHECK (octet_length(digest) = 32),
    CONSTRAINT fk_authorization_codes_client_id_api_clients FOREIGN KEY(client_id) REFERENCES api_clients (id),
    CONSTRAINT fk_authorization_codes_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_authorization_codes_authorization_id_authorizations
        FOREIGN KEY(authorization_id) REFERENCES authorizations (id)
);
CREATE INDEX ix_authorization_codes_expires_at ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
    authorization_id uuid NOT NULL,
    digest bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (authorization_id),
    CONSTRAINT ck_refresh_tokens_digest CHECK (octet_length(digest) = 32),
    CONSTRAINT fk_refresh_tokens_authorization_id_authorizations
        FOREIGN KEY(authorization_id) REFERENCES authorizations (id)
);
CREATE INDEX ix_refresh_tokens_idle_until ON refresh_tokens (idle_until)
"""

GRANTS = (
    f"GRANT SELECT, INSERT, UPDATE ON api_clients, api_client_secrets, api_client_uses, authorizations TO {ROLE}",
    # Codes and refresh tokens are forgotten when they are over.
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON authorization_codes, refresh_tokens TO {ROLE}",
)


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for grant in GRANTS:
        op.execute(grant)


def downgrade() -> None:
    for table in (
        "refresh_tokens",
        "authorization_codes",
        "authorizations",
        "api_client_uses",
        "api_client_secrets",
        "api_clients",
    ):
        op.execute(f"DROP TABLE {table}")
