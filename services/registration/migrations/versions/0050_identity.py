"""Identities proved at an identity provider, registrations of persons, and on what a registration was decided."""

from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

UPGRADE = """
CREATE TABLE identities (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    linked_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT ck_identities_subject CHECK (length(subject) BETWEEN 1 AND 255),
    CONSTRAINT fk_identities_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_identities_account_id ON identities (account_id);
CREATE UNIQUE INDEX uq_identities_in_force ON identities (issuer, subject) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_identities_one_each ON identities (account_id, issuer) WHERE ended_at IS NULL;

CREATE TABLE identity_requests (
    state_digest bytea NOT NULL,
    nonce_digest bytea NOT NULL,
    browser_digest bytea NOT NULL,
    sealed_verifier text NOT NULL,
    purpose text NOT NULL,
    return_to text NOT NULL,
    account_id uuid,
    session_id uuid,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_identity_requests PRIMARY KEY (state_digest),
    CONSTRAINT ck_identity_requests_digests
        CHECK (octet_length(state_digest) = 32 AND octet_length(nonce_digest) = 32
            AND octet_length(browser_digest) = 32),
    CONSTRAINT ck_identity_requests_purpose CHECK (purpose IN ('sign-in', 'register', 'link')),
    CONSTRAINT ck_identity_requests_link
        CHECK ((purpose = 'link') = (account_id IS NOT NULL AND session_id IS NOT NULL)),
    CONSTRAINT fk_identity_requests_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_identity_requests_expires_at ON identity_requests (expires_at);

CREATE TABLE identity_tickets (
    digest bytea NOT NULL,
    sealed_person text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_identity_tickets PRIMARY KEY (digest),
    CONSTRAINT ck_identity_tickets_digest CHECK (octet_length(digest) = 32)
);
CREATE INDEX ix_identity_tickets_expires_at ON identity_tickets (expires_at);

ALTER TABLE usage_registrations ADD COLUMN personal text;
ALTER TABLE usage_registrations ADD COLUMN basis text;
ALTER TABLE usage_registrations ADD CONSTRAINT ck_usage_registrations_personal
    CHECK (personal IS NULL OR organisation_id IS NULL);
ALTER TABLE usage_registrations ADD CONSTRAINT ck_usage_registrations_basis
    CHECK (basis IS NULL OR basis = 'officer'
        OR (basis = 'identity' AND role = 'self' AND status = 'approved' AND decided_by IS NULL));
ALTER TABLE usage_registrations DROP CONSTRAINT ck_usage_registrations_decided;
ALTER TABLE usage_registrations ADD CONSTRAINT ck_usage_registrations_decided
    CHECK ((status IN ('approved', 'rejected'))
        = (decided_at IS NOT NULL AND (decided_by IS NOT NULL OR basis IS NOT DISTINCT FROM 'identity')));
ALTER TABLE sessions DROP CONSTRAINT ck_sessions_method;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_method
    CHECK (method IN ('password', 'totp', 'recovery_code', 'passkey', 'identity'))
"""

DOWNGRADE = """
UPDATE sessions SET method = NULL WHERE method = 'identity';
ALTER TABLE sessions DROP CONSTRAINT ck_sessions_method;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_method
    CHECK (method IN ('password', 'totp', 'recovery_code', 'passkey'));
ALTER TABLE usage_registrations DROP CONSTRAINT ck_usage_registrations_decided;
ALTER TABLE usage_registrations ADD CONSTRAINT ck_usage_registrations_decided
    CHECK ((status IN ('approved', 'rejected')) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)) NOT VALID;
ALTER TABLE usage_registrations DROP CONSTRAINT ck_usage_registrations_basis;
ALTER TABLE usage_registrations DROP CONSTRAINT ck_usage_registrations_personal;
ALTER TABLE usage_registrations DROP COLUMN basis;
ALTER TABLE usage_registrations DROP COLUMN personal;
DROP TABLE identity_tickets;
DROP TABLE identity_requests;
DROP TABLE identities
"""

GRANTS = (
    f"GRANT SELECT, INSERT, UPDATE ON identities TO {ROLE}",
    # A question or a ticket is gone when it is used or over.
    f"GRANT SELECT, INSERT, DELETE ON identity_requests, identity_tickets TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE.split(";"):
        op.execute(statement)
    for grant in GRANTS:
        op.execute(grant)


def downgrade() -> None:
    for statement in DOWNGRADE.split(";"):
        op.execute(statement)
