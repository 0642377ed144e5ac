"""Sessions that ended lately are found at once, and a signing key can be withdrawn."""

from alembic import op

revision = "0025"
down_revision = "0020"
branch_labels = None
depends_on = None

UPGRADE = """
CREATE INDEX ix_sessions_ended_at ON sessions (ended_at) WHERE ended_at IS NOT NULL;
ALTER TABLE signing_keys DROP CONSTRAINT ck_signing_keys_state;
ALTER TABLE signing_keys DROP CONSTRAINT ck_signing_keys_retired;
ALTER TABLE signing_keys ADD CONSTRAINT ck_signing_keys_state
    CHECK (state IN ('next', 'active', 'retired', 'withdrawn'));
ALTER TABLE signing_keys ADD CONSTRAINT ck_signing_keys_retired
    CHECK ((state IN ('retired', 'withdrawn')) = (retired_at IS NOT NULL))
"""
# A key that was withdrawn must not be published again: to the version before it was retired long ago.
DOWNGRADE = """
DROP INDEX ix_sessions_ended_at;
ALTER TABLE signing_keys DROP CONSTRAINT ck_signing_keys_state;
ALTER TABLE signing_keys DROP CONSTRAINT ck_signing_keys_retired;
UPDATE signing_keys SET state = 'retired', retired_at = 'epoch' WHERE state = 'withdrawn';
ALTER TABLE signing_keys ADD CONSTRAINT ck_signing_keys_state CHECK (state IN ('next', 'active', 'retired'));
ALTER TABLE signing_keys ADD CONSTRAINT ck_signing_keys_retired CHECK ((state = 'retired') = (retired_at IS NOT NULL))
"""


def upgrade() -> None:
    _run(UPGRADE)


def downgrade() -> None:
    _run(DOWNGRADE)


def _run(statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            op.execute(statement)
