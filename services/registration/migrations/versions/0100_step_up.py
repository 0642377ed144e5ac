"""With what a session was proved again, and proving it again at the identity provider."""

from alembic import op

revision = "0100"
down_revision = "0075"
branch_labels = None
depends_on = None

METHODS = "'password', 'totp', 'recovery_code', 'passkey', 'identity'"
DROP = """
ALTER TABLE identity_requests DROP CONSTRAINT ck_identity_requests_purpose;
ALTER TABLE identity_requests DROP CONSTRAINT ck_identity_requests_link;
"""
UPGRADE = f"""
ALTER TABLE sessions ADD COLUMN proved_by text;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_proved_by CHECK (proved_by IN ({METHODS}));
{DROP}
ALTER TABLE identity_requests ADD CONSTRAINT ck_identity_requests_purpose
    CHECK (purpose IN ('sign-in', 'register', 'link', 'step-up'));
ALTER TABLE identity_requests ADD CONSTRAINT ck_identity_requests_session
    CHECK ((purpose IN ('link', 'step-up')) = (account_id IS NOT NULL AND session_id IS NOT NULL));
"""
DOWNGRADE = """
DELETE FROM identity_requests WHERE purpose = 'step-up';
ALTER TABLE identity_requests DROP CONSTRAINT ck_identity_requests_purpose;
ALTER TABLE identity_requests DROP CONSTRAINT ck_identity_requests_session;
ALTER TABLE identity_requests ADD CONSTRAINT ck_identity_requests_purpose
    CHECK (purpose IN ('sign-in', 'register', 'link'));
ALTER TABLE identity_requests ADD CONSTRAINT ck_identity_requests_link
    CHECK ((purpose = 'link') = (account_id IS NOT NULL AND session_id IS NOT NULL));
ALTER TABLE sessions DROP COLUMN proved_by;
"""


def upgrade() -> None:
    for statement in filter(str.strip, UPGRADE.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for statement in filter(str.strip, DOWNGRADE.split(";")):
        op.execute(statement)
