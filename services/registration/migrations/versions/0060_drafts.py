"""Drafts of usage registrations, the links to them, and the files that are handed in."""

from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

UPGRADE = """
CREATE TABLE usage_registration_drafts (
    id uuid NOT NULL,
    account_id uuid,
    email text,
    language text NOT NULL,
    state text NOT NULL,
    content text,
    created_at timestamptz NOT NULL,
    touched_at timestamptz NOT NULL,
    reminded_at timestamptz,
    revision integer NOT NULL,
    CONSTRAINT pk_usage_registration_drafts PRIMARY KEY (id),
    CONSTRAINT ck_usage_registration_drafts_state CHECK (state IN ('open', 'submitted')),
    CONSTRAINT ck_usage_registration_drafts_content CHECK ((state = 'open') = (content IS NOT NULL)),
    CONSTRAINT ck_usage_registration_drafts_holder CHECK ((account_id IS NULL) = (email IS NOT NULL)),
    CONSTRAINT ck_usage_registration_drafts_language CHECK (language IN ('ja', 'en')),
    CONSTRAINT fk_usage_registration_drafts_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_usage_registration_drafts_touched_at ON usage_registration_drafts (touched_at);
CREATE INDEX ix_usage_registration_drafts_email_lower ON usage_registration_drafts (lower(email))
    WHERE state = 'open';
CREATE INDEX ix_usage_registration_drafts_account_id ON usage_registration_drafts (account_id)
    WHERE state = 'open';

CREATE TABLE usage_registration_draft_links (
    id uuid NOT NULL,
    draft_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_usage_registration_draft_links PRIMARY KEY (id),
    CONSTRAINT ck_usage_registration_draft_links_digest CHECK (octet_length(token_digest) = 32),
    CONSTRAINT ck_usage_registration_draft_links_expiry CHECK (expires_at > created_at),
    CONSTRAINT fk_usage_registration_draft_links_draft_id
        FOREIGN KEY(draft_id) REFERENCES usage_registration_drafts (id),
    CONSTRAINT uq_usage_registration_draft_links_token_digest UNIQUE (token_digest)
);
CREATE INDEX ix_usage_registration_draft_links_draft_id ON usage_registration_draft_links (draft_id);

CREATE TABLE uploaded_files (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    state text NOT NULL,
    codes text[] NOT NULL,
    pages integer,
    told_at timestamptz NOT NULL,
    CONSTRAINT pk_uploaded_files PRIMARY KEY (id),
    CONSTRAINT ck_uploaded_files_state CHECK (state IN ('accepted', 'rejected', 'deleted'))
);

ALTER TABLE usage_registrations ADD COLUMN files jsonb NOT NULL DEFAULT '[]';
ALTER TABLE periodic_reports ADD COLUMN files jsonb NOT NULL DEFAULT '[]'
"""

GRANTS = (
    # What was never handed in is deleted with its data.
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON usage_registration_drafts TO {ROLE}",
    f"GRANT SELECT, INSERT, DELETE ON usage_registration_draft_links TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON uploaded_files TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE.split(";"):
        if statement.strip():
            op.execute(statement)
    for grant in GRANTS:
        op.execute(grant)


def downgrade() -> None:
    op.execute("ALTER TABLE periodic_reports DROP COLUMN files")
    op.execute("ALTER TABLE usage_registrations DROP COLUMN files")
    for table in ("uploaded_files", "usage_registration_draft_links", "usage_registration_drafts"):
        op.execute(f"DROP TABLE {table}")
