"""Periodic reports, changes of mail address, reminders that went out, and the role that a session is limited to."""

from alembic import op

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

UPGRADE = """
ALTER TABLE usage_registrations ADD COLUMN pledged jsonb;
ALTER TABLE sessions ADD COLUMN role text;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_role
    CHECK (role IN ('lawyer_scrivener', 'legal_rep', 'org_staff', 'public_interest_staff', 'relative',
        'rso_staff', 'self', 'supervising_org_staff'));

CREATE TABLE periodic_reports (
    id uuid NOT NULL,
    receipt_number text NOT NULL,
    office text NOT NULL,
    organisation_id uuid NOT NULL,
    role text NOT NULL,
    account_id uuid NOT NULL,
    term_ends date NOT NULL,
    status text NOT NULL,
    category text NOT NULL,
    documents jsonb NOT NULL,
    pledged jsonb,
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
    CONSTRAINT pk_periodic_reports PRIMARY KEY (id),
    CONSTRAINT uq_periodic_reports_receipt_number UNIQUE (receipt_number),
    CONSTRAINT ck_periodic_reports_role
        CHECK (role IN ('org_staff', 'public_interest_staff', 'rso_staff', 'supervising_org_staff')),
    CONSTRAINT ck_periodic_reports_status CHECK (status IN ('submitted', 'returned', 'approved', 'rejected')),
    CONSTRAINT ck_periodic_reports_category CHECK (category IN ('CAT1', 'CAT2', 'CAT3', 'CAT4')),
    CONSTRAINT ck_periodic_reports_decided
        CHECK ((status IN ('approved', 'rejected')) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)),
    CONSTRAINT ck_periodic_reports_not_their_own CHECK (decided_by <> account_id OR decided_by IS NULL),
    CONSTRAINT ck_periodic_reports_valid_until CHECK ((status = 'approved') = (valid_until IS NOT NULL)),
    CONSTRAINT ck_periodic_reports_prolongs CHECK (valid_until > term_ends),
    CONSTRAINT ck_periodic_reports_reason_code CHECK ((status = 'rejected') = (reason_code IS NOT NULL)),
    CONSTRAINT fk_periodic_reports_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_periodic_reports_organisation_id_organisations
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE UNIQUE INDEX uq_periodic_reports_once_a_term ON periodic_reports (organisation_id, role, term_ends)
    WHERE status <> 'rejected';
CREATE UNIQUE INDEX uq_periodic_reports_one_open ON periodic_reports (organisation_id, role)
    WHERE status IN ('submitted', 'returned');
CREATE INDEX ix_periodic_reports_status ON periodic_reports (status, submitted_at, id);

CREATE TABLE email_changes (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    email text NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_email_changes PRIMARY KEY (id),
    CONSTRAINT ck_email_changes_digest CHECK (octet_length(token_digest) = 32),
    CONSTRAINT ck_email_changes_expiry CHECK (expires_at > created_at),
    CONSTRAINT fk_email_changes_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT uq_email_changes_token_digest UNIQUE (token_digest)
);
CREATE UNIQUE INDEX uq_email_changes_one_open ON email_changes (account_id) WHERE ended_at IS NULL;

CREATE TABLE reminders_sent (
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    ends_on date NOT NULL,
    number integer NOT NULL,
    sent_at timestamptz NOT NULL,
    CONSTRAINT pk_reminders_sent PRIMARY KEY (kind, subject_id, ends_on, number),
    CONSTRAINT ck_reminders_sent_kind CHECK (kind IN ('registration', 'password'))
);
CREATE INDEX ix_accounts_email_lower ON accounts (lower(email));
CREATE INDEX ix_passwords_set_at ON passwords (set_at)
"""


def upgrade() -> None:
    for statement in UPGRADE.split(";"):
        if statement.strip():
            op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON periodic_reports, email_changes TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON reminders_sent TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP INDEX ix_passwords_set_at")
    op.execute("DROP INDEX ix_accounts_email_lower")
    for table in ("reminders_sent", "email_changes", "periodic_reports"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE sessions DROP COLUMN role")
    op.execute("ALTER TABLE usage_registrations DROP COLUMN pledged")
