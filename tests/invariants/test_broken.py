"""Each invariant, broken once: its query finds the record, in a database that its own rules were taken out of."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.clock import SystemClock
from shared.ids import new_id
from shared.invariants import COMMON, Invariant
from shared.invariants.checking import parameters
from tests.guards.sources import WITH_DATABASE
from tests.infra.databases import TestDatabase

ID, OTHER = new_id(), new_id()
HOUR = SystemClock().now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
# A value for each type of a column that has to have one.
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "timestamp with time zone": "clock_timestamp()",
    "date": "current_date",
    "integer": "1",
    "bigint": "1",
    "boolean": "false",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
    "bytea": "'\\x00'",
}
Row = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Broken:
    """An invariant, rows that break it, and the id that it finds."""

    service: str
    name: str
    rows: tuple[Row, ...]
    found: object = ID


_CARD: Row = ("cards", {"case_id": ID})
_GRANT: Row = ("proposals", {"case_id": ID, "outcome": "grant", "approved": True, "took_effect_at": "2026-11-20Z"})
_LINE = {"aggregate_id": ID, "at": "clock_timestamp()"}
BROKEN = (
    *(
        Broken(
            service,
            "journal-chain",
            (
                ("journal", {**_LINE, "position": 1, "version": 1, "hash": "'\\x01'"}),
                ("journal", {**_LINE, "position": 2, "version": 2, "previous_hash": "'\\x02'"}),
            ),
            2,
        )
        for service in WITH_DATABASE
    ),
    Broken(
        "review",
        "journal-sealed",
        (("journal", {"position": 7, "version": 1, "at": "clock_timestamp() - interval '90 minutes'"}),),
        7,
    ),
    Broken("review", "outbox-sent", (("outbox", {"id": ID, "recorded_at": "clock_timestamp() - interval '1 hour'"}),)),
    Broken(
        "review",
        "decided-by-another",
        (("proposals", {"id": OTHER, "case_id": ID, "proposed_by": OTHER, "decided_by": OTHER}),),
    ),
    Broken("review", "card-has-grant", (_CARD,)),
    Broken("review", "card-has-fee", (_CARD, _GRANT, ("cases", {"id": ID, "fee_yen": 5500}))),
    Broken("review", "card-has-materials", (_CARD, _GRANT)),
    Broken(
        "review",
        "fees-agree",
        (("payment_receipts", {"id": OTHER, "case_id": ID, "amount_yen": 5500, "state": "pays"}),),
    ),
    Broken(
        "review",
        "received-has-case",
        (
            (
                "event_counts",
                {
                    "source": "application",
                    "hour": HOUR.isoformat(),
                    "counts": '[{"type": "application.received", "count": 1, "digest": 5}]',
                },
            ),
        ),
        f"{HOUR:%Y-%m-%dT%HZ}",
    ),
    Broken(
        "application",
        "filed-is-journalled",
        (("applications", {"id": ID, "state": "received", "submitted_at": "clock_timestamp()"}),),
    ),
    Broken(
        "document",
        "file-has-object",
        (
            ("documents", {"id": ID, "status": "accepted"}),
            ("journal", {**_LINE, "position": 1, "version": 1, "action": "document:altered"}),
        ),
    ),
    Broken("notification", "message-has-delivery", (("notifications", {"id": ID, "state": "created"}),)),
    Broken(
        "registration",
        "auditors-do-nothing-else",
        (
            ("officer_roles", {"account_id": ID, "role": "auditor"}),
            ("officer_roles", {"account_id": ID, "role": "operator"}),
        ),
    ),
    Broken("registration", "member-was-approved", (("memberships", {"id": ID, "state": "active"}),)),
)


def of_service(service: str) -> dict[str, Invariant]:
    own = import_module(f"services.{service}.invariants").INVARIANTS
    return {invariant.name: invariant for invariant in (*COMMON, *own)}


@pytest.fixture
async def lawless(databases: Any) -> AsyncIterator[Callable[[str], Any]]:
    """A service's database within a transaction that is rolled back, as its owner, without checks and references."""
    engines = []
    with databases.lent() as new:

        async def begin(service: str) -> AsyncConnection:
            database: TestDatabase = new(service)
            engine = create_async_engine(database.owner_url)
            connection = await engine.connect()
            engines.append((engine, connection))
            rules = await connection.execute(
                text(
                    "SELECT conrelid::regclass::text AS name, conname FROM pg_constraint"
                    " WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace"
                )
            )
            for rule in rules.all():
                await connection.execute(text(f"ALTER TABLE {rule.name} DROP CONSTRAINT {rule.conname}"))
            triggers = await connection.execute(
                text("SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE NOT tgisinternal")
            )
            for trigger in triggers.all():
                await connection.execute(text(f"ALTER TABLE {trigger.name} DISABLE TRIGGER USER"))
            return connection

        yield begin
        for engine, connection in engines:
            await connection.rollback()
            await connection.close()
            await engine.dispose()


async def put(connection: AsyncConnection, table: str, given: dict[str, Any]) -> None:
    """A row with these values, and something for each other column that must have a value."""
    columns = await connection.execute(
        text(
            "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = :table"
            " AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
        ),
        {"table": table},
    )
    values = {column.name: VALUES[column.type] for column in columns}
    for name, value in given.items():
        quoted = isinstance(value, str | UUID) and not str(value).startswith(("clock_timestamp", "'"))
        values[name] = f"'{value}'" if quoted else str(value)
    override = "OVERRIDING SYSTEM VALUE " if "position" in given else ""
    await connection.execute(
        text(
            f"INSERT INTO {table} ({', '.join(values)}) {override}VALUES ({', '.join(values.values())})".replace(
                ":", "\\:"
            )
        )
    )


async def found(connection: AsyncConnection, invariant: Invariant) -> list[Any]:
    """The ids that the check of every few minutes finds, which looks at recent records alone."""
    now = SystemClock().now()
    # The rows of this module were named when it was read.
    asked = parameters(invariant.violations, now, now - timedelta(days=1))
    return list((await connection.execute(text(invariant.violations), asked)).scalars())


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_an_invariant_that_is_broken_is_found(service: str, lawless: Callable[[str], Any]) -> None:
    connection = await lawless(service)
    for broken in (each for each in BROKEN if each.service == service):
        invariant = of_service(service)[broken.name]
        assert await found(connection, invariant) == [], broken.name
        async with connection.begin_nested() as attempt:
            for table, values in broken.rows:
                await put(connection, table, values)
            assert await found(connection, invariant) == [broken.found], broken.name
            await attempt.rollback()


def test_every_invariant_is_broken_once() -> None:
    named = {name for service in WITH_DATABASE for name in of_service(service)}
    assert {broken.name for broken in BROKEN} == named
