"""The privileges of a service's role in its database are those of the design, not of a comment."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shared.db import Database
from tests.guards.sources import WITH_DATABASE
from tests.infra.databases import TestDatabase

_INSERT_ONLY = ("journal", "journal_seals", "journal_timestamps", "dead_letter_decisions")
_FORBIDDEN = {
    **dict.fromkeys(_INSERT_ONLY, ("UPDATE", "DELETE", "TRUNCATE")),
    "outbox": ("UPDATE", "TRUNCATE"),
    "inbox": ("UPDATE", "TRUNCATE"),
}


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_a_service_role_holds_no_right_it_does_not_need(
    service: str, service_database: Callable[[str], TestDatabase]
) -> None:
    db = Database(service_database(service).url)
    try:
        async with db.read() as session:
            for table, privileges in _FORBIDDEN.items():
                for privilege in privileges:
                    held = await session.scalar(
                        text("SELECT has_table_privilege(:t, :p)"), {"t": table, "p": privilege}
                    )
                    assert not held, f"{service} may {privilege} {table}"
            owned = await session.scalar(text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user"))
            assert owned == 0, "the role owns no table: an owner can grant itself everything"
            assert not await session.scalar(text("SELECT has_schema_privilege('public', 'CREATE')"))
            truncatable = await session.scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
                    " AND has_table_privilege(oid, 'TRUNCATE')"
                )
            )
            assert list(truncatable) == []
    finally:
        await db.close()
