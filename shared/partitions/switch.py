"""The switch from a plain table to a divided one, while the service runs.

No row is moved. The table that there is becomes the rest of the divided one; periods begin some days later, so that
what is written during the switch belongs to the rest. What takes long (indexes, and a check that no row belongs to a
period) is done before, without keeping anybody from writing; the switch itself changes names, in one transaction.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from shared.backoff import backoff
from shared.ids import first_id
from shared.partitions.model import Divided
from shared.tasks import see_through

_FUNCTIONS = Path(__file__).parent / "v1.sql"
# Longer than any site goes without a job that makes periods ahead.
_COVERED = timedelta(days=3660)
# While the switch waits, everybody who comes waits behind it.
_LOCK_TIMEOUT = "500ms"
_ATTEMPTS = 30
_CLEANUP_SECONDS = 30.0

_INDEXES = """
SELECT class.relname AS name, pg_get_indexdef(indexrelid) AS definition, indisvalid AS is_valid, conname AS constraint,
    pg_get_constraintdef(pg_constraint.oid) AS constraint_definition
FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid LEFT JOIN pg_constraint ON conindid = indexrelid
WHERE indrelid = to_regclass($1) ORDER BY class.relname
"""
_GRANTS = """
SELECT privilege_type AS privilege, grantee::regrole::text AS role
FROM pg_class CROSS JOIN LATERAL aclexplode(relacl) WHERE oid = to_regclass($1) AND grantee NOT IN (0, relowner)
"""
_IDENTITY = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attidentity <> ''"
_MAKE = "SELECT make_periods($1, $2, $3)"
# A number that was given is never given again: the sequence goes on.
_MOVE_IDENTITY = """
DO $$ DECLARE next bigint := nextval(pg_get_serial_sequence('{rest}', '{column}')); BEGIN
    ALTER TABLE {rest} ALTER {column} DROP IDENTITY;
    EXECUTE format('ALTER TABLE {name} ALTER {column} ADD GENERATED ALWAYS AS IDENTITY (START WITH %s)', next);
END $$
"""


class CannotSwitch(Exception):
    """The table cannot be divided, and is as it was. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Switched:
    """A switch that was done: `since` when rows go into periods, how often its lock was tried, for how many
    milliseconds it waited for it the last time, and for how many at most everybody waited for one of its steps."""

    since: datetime
    attempts: int
    waited_ms: float
    held_ms: float


async def switch(
    connection: "asyncpg.Connection[Any]", table: Divided, now: datetime, say: Callable[[str], None] = lambda _: None
) -> Switched:
    """Divide a table, as the owner of the database. An interrupted one is begun again."""
    kind = await connection.fetchval("SELECT relkind::text FROM pg_class WHERE oid = to_regclass($1)", table.name)
    if kind is None:
        raise CannotSwitch(f"there is no table {table.name} here")
    if kind == "p":
        raise CannotSwitch(f"{table.name} is divided already")
    since = begin_of_periods(now, table)
    say(f"{table.name}: rows made from {since:%Y-%m-%d} on will go into periods of a {table.unit}")
    await _replace_indexes(connection, table, say)
    await connection.execute(_FUNCTIONS.read_text())
    try:
        await _check(connection, table, since, say)
        attempts, waited, held = await _rename(connection, table)
    except BaseException:
        # A check that stays behind would refuse rows, once the periods would have begun.
        drop = connection.execute(f"ALTER TABLE {table.name} DROP CONSTRAINT IF EXISTS {_check_of(table)}")
        await see_through(drop, seconds=_CLEANUP_SECONDS, name="removal of the check of a switch")
        raise
    # Each in a transaction of its own: everybody waits while one is made.
    until = since
    while until < since + table.ahead:
        begun = time.monotonic()
        until = await connection.fetchval(_MAKE, table.name, table.unit, until + timedelta(seconds=1))
        held = max(held, (time.monotonic() - begun) * 1000)
    say(f"{table.name}: collecting statistics")
    await connection.execute(f"ANALYZE {table.name}")
    return Switched(since, attempts, waited, held)


def begin_of_periods(now: datetime, table: Divided) -> datetime:
    """The begin of the first period: that of the unit after the next one, so that a switch may take days."""
    day = datetime(now.year, now.month, now.day, tzinfo=UTC)
    if table.unit == "week":
        return day - timedelta(days=day.weekday()) + timedelta(days=14)
    return ((day.replace(day=1) + timedelta(days=32)).replace(day=1) + timedelta(days=32)).replace(day=1)


async def _replace_indexes(connection: "asyncpg.Connection[Any]", table: Divided, say: Callable[[str], None]) -> None:
    there = {row["name"]: row for row in await connection.fetch(_INDEXES, table.name)}
    for index in table.instead.values():
        made = f"{index.name}_rest"
        if made in there:
            if there[made]["is_valid"]:
                continue
            await connection.execute(f"DROP INDEX CONCURRENTLY {made}")
        say(f"{table.name}: making the index {made} beside the writers")
        await connection.execute(index.on(table.name, f"CONCURRENTLY {made}"))


async def _check(
    connection: "asyncpg.Connection[Any]", table: Divided, since: datetime, say: Callable[[str], None]
) -> None:
    """That no row of the table belongs to a period, shown to PostgreSQL without keeping anybody from writing."""
    name, key = _check_of(table), table.key
    condition = f"{key} < '{first_id(since)}' OR {key} >= '{first_id(since + _COVERED)}'"
    await _with_lock(
        connection,
        [
            f"ALTER TABLE {table.name} DROP CONSTRAINT IF EXISTS {name}",
            f"ALTER TABLE {table.name} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID",
        ],
    )
    say(f"{table.name}: looking at every row beside the writers")
    try:
        await connection.execute(f"ALTER TABLE {table.name} VALIDATE CONSTRAINT {name}")
    except asyncpg.CheckViolationError:
        raise CannotSwitch(
            f"{table.name} has rows whose {key} was made after {since:%Y-%m-%d}, by a machine with a wrong clock:"
            f" they have {key} from {first_id(since)} to {first_id(since + _COVERED)}"
        ) from None


async def _rename(connection: "asyncpg.Connection[Any]", table: Divided) -> tuple[int, float, float]:
    """The switch itself."""
    name, rest = table.name, table.rest
    indexes = [row for row in await connection.fetch(_INDEXES, name) if not row["name"].endswith("_rest")]
    kept = [index for index in indexes if index["name"] not in table.instead]
    statements = [f"ALTER TABLE {name} RENAME TO {rest}"]
    statements += [f"ALTER INDEX {index['name']} RENAME TO {index['name']}_rest" for index in kept]
    for index in indexes:
        if index["name"] in table.instead:
            drop = f"ALTER TABLE {rest} DROP CONSTRAINT" if index["constraint"] else "DROP INDEX"
            statements.append(f"{drop} {index['name']}")
    statements.append(
        f"CREATE TABLE {name} (LIKE {rest} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE"
        f" INCLUDING COMPRESSION) PARTITION BY RANGE ({table.key})"
    )
    statements.append(f"ALTER TABLE {name} DROP CONSTRAINT {_check_of(table)}")
    statements += [
        _MOVE_IDENTITY.format(name=name, rest=rest, column=row["attname"])
        for row in await connection.fetch(_IDENTITY, name)
    ]
    for index in kept:
        if index["constraint"]:
            statements.append(f"ALTER TABLE {name} ADD CONSTRAINT {index['name']} {index['constraint_definition']}")
        else:
            statements.append(
                re.sub(r"INDEX \S+ ON \S+", f"INDEX {index['name']} ON {name}", index["definition"], count=1)
            )
    statements += [index.on(name, index.name) for index in table.instead.values()]
    statements.append(f"ALTER TABLE {name} ATTACH PARTITION {rest} DEFAULT")
    for grant in await connection.fetch(_GRANTS, name):
        statements.append(f"GRANT {grant['privilege']} ON {name} TO {grant['role']}")
        if grant["privilege"] == "INSERT":
            statements.append(f"GRANT EXECUTE ON FUNCTION make_periods, drop_periods TO {grant['role']}")
    return await _with_lock(connection, statements, f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")


async def _with_lock(
    connection: "asyncpg.Connection[Any]", statements: list[str], lock: str = "SELECT 1"
) -> tuple[int, float, float]:
    """Run them in one transaction that gives way to others: the number of attempts, and the milliseconds for which the
    last one waited for its lock and held it."""
    waits = backoff(0.1, 5.0)
    for attempt in range(1, _ATTEMPTS + 1):
        begun = time.monotonic()
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
                await connection.execute(lock)
                locked = time.monotonic()
                for statement in statements:
                    await connection.execute(statement)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            if attempt == _ATTEMPTS:
                raise CannotSwitch("the table is locked by others for too long: try again at a quieter hour") from None
            await asyncio.sleep(next(waits))
        else:
            return attempt, (locked - begun) * 1000, (time.monotonic() - locked) * 1000
    raise AssertionError("the last attempt returns or raises")


def _check_of(table: Divided) -> str:
    return f"ck_{table.name}_rest"
