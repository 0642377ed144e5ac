"""API clients may be granted `notification:webhooks`: they add, change and remove webhooks of their own."""

from alembic import op

revision = "0766"
down_revision = "0740"
branch_labels = None
depends_on = None

_BEFORE = (
    '["application:read", "application:write", "document:read", "document:write", "notification:read",'
    ' "notification:write", "registration:read"]'
)
_SINCE = (
    '["application:read", "application:write", "document:read", "document:write", "notification:read",'
    ' "notification:webhooks", "notification:write", "registration:read"]'
)
_TABLES = ("api_clients", "authorizations")


def upgrade() -> None:
    _allow(_SINCE)


def downgrade() -> None:
    for table in _TABLES:
        # Who was granted nothing else keeps the right to read that goes with it.
        op.execute(
            f"UPDATE {table} SET scopes = scopes || '[\"notification:read\"]'::jsonb"  # noqa: S608
            " WHERE scopes = '[\"notification:webhooks\"]'::jsonb"
        )
        op.execute(f"UPDATE {table} SET scopes = scopes - 'notification:webhooks'")  # noqa: S608
    _allow(_BEFORE)


def _allow(scopes: str) -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_scopes")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_scopes"
            f" CHECK (scopes <@ '{scopes}'::jsonb AND jsonb_array_length(scopes) > 0) NOT VALID"
        )
    # Rows are looked through once the lock of the statements above is free.
    with op.get_context().autocommit_block():
        for table in _TABLES:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_scopes")
