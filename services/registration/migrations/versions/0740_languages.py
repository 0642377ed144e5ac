"""People may be written to in nine languages."""

from alembic import op

revision = "0740"
down_revision = "0730"
branch_labels = None
depends_on = None

_BEFORE = "'ja', 'en'"
_SINCE = "'ja', 'ja-simple', 'en', 'zh-Hans', 'zh-Hant', 'ko', 'es', 'vi', 'tl'"
_TABLES = ("accounts", "usage_registration_drafts")


def upgrade() -> None:
    _allow(_SINCE)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"UPDATE {table} SET language = 'ja' WHERE language = 'ja-simple'")  # noqa: S608
        op.execute(f"UPDATE {table} SET language = 'en' WHERE language NOT IN ({_BEFORE})")  # noqa: S608
    _allow(_BEFORE)


def _allow(languages: str) -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_language")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_language CHECK (language IN ({languages}))")
