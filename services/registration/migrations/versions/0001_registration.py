"""People, organisations, usage registrations, sign-in, signing keys."""

from alembic import op

from shared.db import baseline

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

TABLES = """
CREATE TABLE accounts (
    id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    login_id text,
    name text NOT NULL,
    email text,
    phone text,
    language text NOT NULL,
    office text,
    created_at timestamptz NOT NULL,
    revision integer NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (id),
    CONSTRAINT ck_accounts_kind CHECK (kind IN ('person', 'officer')),
    CONSTRAINT ck_accounts_state CHECK (state IN ('registered', 'active', 'suspended', 'closed')),
    CONSTRAINT ck_accounts_email CHECK (kind = 'officer' OR email IS NOT NULL),
    CONSTRAINT ck_accounts_office CHECK ((kind = 'officer') = (office IS NOT NULL)),
    CONSTRAINT ck_accounts_login_id CHECK (state <> 'active' OR login_id IS NOT NULL),
    CONSTRAINT ck_accounts_language CHECK (language IN ('ja', 'en')),
    CONSTRAINT uq_accounts_login_id UNIQUE (login_id)
);

CREATE TABLE organisations (
    id uuid NOT NULL,
    corporate_number text NOT NULL,
    name text NOT NULL,
    name_kana text,
    address text NOT NULL,
    postal_code text NOT NULL,
    prefecture text NOT NULL,
    capital_yen bigint NOT NULL,
    employees integer NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    revision integer NOT NULL,
    CONSTRAINT pk_organisations PRIMARY KEY (id),
    CONSTRAINT ck_organisations_corporate_number CHECK (corporate_number ~ '^[1-9][0-9]{12}$'),
    CONSTRAINT ck_organisations_postal_code CHECK (postal_code ~ '^[0-9]{7}$'),
    CONSTRAINT ck_organisations_prefecture CHECK (prefecture ~ '^[0-9]{2}$'),
    CONSTRAINT ck_organisations_amounts CHECK (capital_yen >= 0 AND employees >= 0),
    CONSTRAINT uq_organisations_corporate_number UNIQUE (corporate_number)
);

CREATE TABLE receipt_serials (
    office text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT pk_receipt_serials PRIMARY KEY (office, year)
);

CREATE TABLE signing_keys (
    kid text NOT NULL,
    state text NOT NULL,
    public_key bytea NOT NULL,
    sealed_private_key text NOT NULL,
    created_at timestamptz NOT NULL,
    activated_at timestamptz,
    retired_at timestamptz,
    CONSTRAINT pk_signing_keys PRIMARY KEY (kid),
    CONSTRAINT ck_signing_keys_state CHECK (state IN ('next', 'active', 'retired')),
    CONSTRAINT ck_signing_keys_public_key CHECK (octet_length(public_key) = 32),
    CONSTRAINT ck_signing_keys_retired CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_signing_keys_one_active ON signing_keys (state) WHERE state = 'active';
CREATE UNIQUE INDEX uq_signing_keys_one_next ON signing_keys (state) WHERE state = 'next';

CREATE TABLE throttles (
    scope text NOT NULL,
    key bytea NOT NULL,
    charged integer NOT NULL,
    window_ends timestamptz NOT NULL,
    blocked_until timestamptz,
    CONSTRAINT pk_throttles PRIMARY KEY (scope, key)
);
CREATE INDEX ix_throttles_window_ends ON throttles (window_ends);

CREATE TABLE memberships (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    role text NOT NULL,
    state text NOT NULL,
    department text,
    valid_from date,
    valid_until date,
    usage_registration_id uuid NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (id),
    CONSTRAINT uq_memberships_account_id_organisation_id_role
        UNIQUE NULLS NOT DISTINCT (account_id, organisation_id, role),
    CONSTRAINT ck_memberships_role
        CHECK (role IN ('lawyer_scrivener', 'legal_rep', 'org_staff', 'public_interest_staff', 'relative',
            'rso_staff', 'self', 'supervising_org_staff')),
    CONSTRAINT ck_memberships_state CHECK (state IN ('applied', 'active', 'rejected', 'expired', 'ended')),
    CONSTRAINT ck_memberships_period
        CHECK (state <> 'active' OR (valid_from IS NOT NULL AND valid_until >= valid_from)),
    CONSTRAINT fk_memberships_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_memberships_expiring ON memberships (valid_until) WHERE state = 'active';
CREATE INDEX ix_memberships_organisation_id ON memberships (organisation_id);

CREATE TABLE officer_roles (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    granted_at timestamptz NOT NULL,
    CONSTRAINT pk_officer_roles PRIMARY KEY (id),
    CONSTRAINT uq_officer_roles_account_id_role UNIQUE (account_id, role),
    CONSTRAINT ck_officer_roles_role
        CHECK (role IN ('administrator', 'auditor', 'card_office', 'chief_examiner', 'examiner', 'operator',
            'reception', 'user_approval')),
    CONSTRAINT fk_officer_roles_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE TABLE organisation_approvals (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    role text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    usage_registration_id uuid NOT NULL,
    CONSTRAINT pk_organisation_approvals PRIMARY KEY (id),
    CONSTRAINT uq_organisation_approvals_organisation_id_role UNIQUE (organisation_id, role),
    CONSTRAINT ck_organisation_approvals_role
        CHECK (role IN ('lawyer_scrivener', 'legal_rep', 'org_staff', 'public_interest_staff', 'relative',
            'rso_staff', 'self', 'supervising_org_staff')),
    CONSTRAINT ck_organisation_approvals_period CHECK (valid_until >= valid_from),
    CONSTRAINT fk_organisation_approvals_organisation_id_organisations
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);

CREATE TABLE organisation_categories (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    number integer NOT NULL,
    category text NOT NULL,
    treated_as text NOT NULL,
    valid_from date NOT NULL,
    reason text NOT NULL,
    usage_registration_id uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_organisation_categories PRIMARY KEY (id),
    CONSTRAINT uq_organisation_categories_organisation_id_number UNIQUE (organisation_id, number),
    CONSTRAINT ck_organisation_categories_category CHECK (category IN ('CAT1', 'CAT2', 'CAT3', 'CAT4')),
    CONSTRAINT ck_organisation_categories_treated_as CHECK (treated_as IN ('CAT1', 'CAT2', 'CAT3', 'CAT4')),
    CONSTRAINT fk_organisation_categories_organisation_id_organisations
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);

CREATE TABLE password_links (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    token_digest bytea NOT NULL,
    usage_registration_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_password_links PRIMARY KEY (id),
    CONSTRAINT ck_password_links_digest CHECK (octet_length(token_digest) = 32),
    CONSTRAINT ck_password_links_purpose CHECK (purpose IN ('activate', 'reset')),
    CONSTRAINT ck_password_links_expiry CHECK (expires_at > created_at),
    CONSTRAINT fk_password_links_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT uq_password_links_token_digest UNIQUE (token_digest)
);
CREATE INDEX ix_password_links_open ON password_links (account_id) WHERE ended_at IS NULL;

CREATE TABLE passwords (
    account_id uuid NOT NULL,
    hash text NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT pk_passwords PRIMARY KEY (account_id),
    CONSTRAINT ck_passwords_argon2id CHECK (hash LIKE '$argon2id$%'),
    CONSTRAINT fk_passwords_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE TABLE sessions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    secret_digest bytea NOT NULL,
    address_digest bytea NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT ck_sessions_digest CHECK (octet_length(secret_digest) = 32),
    CONSTRAINT ck_sessions_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT fk_sessions_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT uq_sessions_secret_digest UNIQUE (secret_digest)
);
CREATE INDEX ix_sessions_account_id_address ON sessions (account_id, address_digest, started_at);
CREATE INDEX ix_sessions_open ON sessions (account_id) WHERE ended_at IS NULL;

CREATE TABLE usage_registrations (
    id uuid NOT NULL,
    receipt_number text NOT NULL,
    office text NOT NULL,
    account_id uuid NOT NULL,
    organisation_id uuid,
    submitted_by uuid,
    role text NOT NULL,
    status text NOT NULL,
    declared jsonb,
    category text,
    documents jsonb NOT NULL,
    department text,
    submitted_at timestamptz NOT NULL,
    returned_items text,
    requirements jsonb,
    decided_at timestamptz,
    decided_by uuid,
    valid_until date,
    reason_code text,
    reason text,
    note text,
    revision integer NOT NULL,
    CONSTRAINT pk_usage_registrations PRIMARY KEY (id),
    CONSTRAINT ck_usage_registrations_role
        CHECK (role IN ('lawyer_scrivener', 'legal_rep', 'org_staff', 'public_interest_staff', 'relative',
            'rso_staff', 'self', 'supervising_org_staff')),
    CONSTRAINT ck_usage_registrations_status CHECK (status IN ('submitted', 'returned', 'approved', 'rejected')),
    CONSTRAINT ck_usage_registrations_category CHECK (category IS NULL OR organisation_id IS NOT NULL),
    CONSTRAINT ck_usage_registrations_decided
        CHECK ((status IN ('approved', 'rejected')) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)),
    CONSTRAINT ck_usage_registrations_not_their_own
        CHECK (decided_by <> account_id AND decided_by IS DISTINCT FROM submitted_by OR decided_by IS NULL),
    CONSTRAINT ck_usage_registrations_valid_until CHECK ((status = 'approved') = (valid_until IS NOT NULL)),
    CONSTRAINT ck_usage_registrations_reason_code CHECK ((status = 'rejected') = (reason_code IS NOT NULL)),
    CONSTRAINT uq_usage_registrations_receipt_number UNIQUE (receipt_number),
    CONSTRAINT fk_usage_registrations_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_usage_registrations_organisation_id_organisations
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_usage_registrations_account_id ON usage_registrations (account_id);
CREATE INDEX ix_usage_registrations_status ON usage_registrations (status, submitted_at, id);

CREATE TABLE session_uses (
    session_id uuid NOT NULL,
    last_used_at timestamptz NOT NULL,
    CONSTRAINT pk_session_uses PRIMARY KEY (session_id),
    CONSTRAINT fk_session_uses_session_id_sessions FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
"""

GRANTS = (
    # Facts that are only added to.
    f"GRANT SELECT, INSERT ON organisation_categories, officer_roles TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON accounts, memberships, organisations, organisation_approvals, password_links,"
    f" passwords, receipt_serials, session_uses, sessions, signing_keys, usage_registrations TO {ROLE}",
    # Counters of attempts, forgotten when their window is over.
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON throttles TO {ROLE}",
)


def upgrade() -> None:
    baseline.v1(op, ROLE)
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for grant in GRANTS:
        op.execute(grant)


def downgrade() -> None:
    for table in (
        "session_uses",
        "usage_registrations",
        "sessions",
        "passwords",
        "password_links",
        "organisation_categories",
        "organisation_approvals",
        "officer_roles",
        "memberships",
        "throttles",
        "signing_keys",
        "receipt_serials",
        "organisations",
        "accounts",
    ):
        op.execute(f"DROP TABLE {table}")
    baseline.drop_v1(op)
