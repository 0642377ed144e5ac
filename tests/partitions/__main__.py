"""`make scale`: tables with many rows divided while a service works, and what plain and divided ones cost.

The broker is in memory; PostgreSQL is real and durable, in a folder of the machine's temporary files.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared.ids import new_id
from shared.partitions import DIVIDED
from tests.infra.databases import Databases, TestDatabase
from tests.partitions.busy import GROUP, Busy, busy, id_at

_MONTHS = 120
_HEAD = "SELECT version, hash FROM journal WHERE aggregate_id = $1 ORDER BY version DESC LIMIT 1"
_KEPT = "SELECT answer FROM journal WHERE idempotency_scope = 'made' AND idempotency_key = $1"
_SEEN = f"INSERT INTO inbox (consumer_group, event_id) SELECT '{GROUP}', unnest($1::uuid[]) ON CONFLICT DO NOTHING"
_TIMES = 300


def main(rows: int) -> None:
    """Print what was measured, as rows of a table."""
    with tempfile.TemporaryDirectory(prefix="zairyu-scale-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=True, services=())
        stack.lock()
        stack.postgres.start()
        try:
            asyncio.run(_measure(Databases(stack.postgres).bare(), rows))
        finally:
            stack.stop()


async def _measure(database: TestDatabase, rows: int) -> None:
    async with busy(database) as made:
        begun = time.monotonic()
        await made.fill(rows)
        print(f"| {rows:,} rows in each table | made in {time.monotonic() - begun:.0f} s |", flush=True)
        await _statements(made, rows, "plain")
        await _forget(made, rows)
        async with made.working():
            for name in DIVIDED:
                begun = time.monotonic()
                done = await made.divide(name)
                print(
                    f"| {name} divided while the service works | {time.monotonic() - begun:.1f} s in all; it waited"
                    f" for the lock {done.waited_ms:.0f} ms, held it {done.held_ms:.0f} ms, {done.attempts} attempts |",
                    flush=True,
                )
        await made.service.check_exactly_once_and_in_order(made.submitted)
        assert all(len(set(ids)) == 1 for ids in made.answers.values())
        print(f"| events and commands meanwhile | {made.submitted} and {3 * len(made.answers)}, none lost or doubled |")
        connection = await made.owner()
        for months in (3, 12, 60, _MONTHS):
            until = datetime.now(UTC) + timedelta(days=31 * months)
            await connection.execute("SELECT make_periods('journal', 'month', $1)", until)
            await _statements(made, rows, f"{months} months")
        await _drop(made, connection, rows)
        await connection.close()


async def _statements(made: Busy, rows: int, what: str) -> None:
    """Median milliseconds of the statements that each command and event runs, of a prepared statement."""
    connection = await asyncpg.connect(made.database.url.replace("+asyncpg", ""))
    try:
        known = await connection.fetch("SELECT aggregate_id, idempotency_key FROM journal LIMIT $1", _TIMES)
        for name, query, values in (
            ("head of a record", _HEAD, [[row["aggregate_id"]] for row in known]),
            ("answer kept of a request", _KEPT, [[row["idempotency_key"]] for row in known]),
            ("500 events into the inbox", _SEEN, [[[new_id() for _ in range(500)]] for _ in range(_TIMES // 10)]),
        ):
            statement, taken = await connection.prepare(query), []
            for value in values:
                begun = time.perf_counter()
                await statement.fetch(*value)
                taken.append((time.perf_counter() - begun) * 1000)
            pages = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", *values[0])
            print(f"| {what}: {name} | {sorted(taken)[len(taken) // 2]:.2f} ms, {_pages(pages)} pages |", flush=True)
    finally:
        await connection.close()


def _pages(explained: str) -> int:
    import json

    plan = json.loads(explained)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


async def _forget(made: Busy, rows: int) -> None:
    """A week of a plain inbox deleted row by row, undone."""
    connection = await made.owner()
    with suppress(asyncpg.RaiseError):
        async with connection.transaction():
            begun = time.monotonic()
            done = await connection.execute("DELETE FROM inbox WHERE received_at < now() - interval '21 days'")
            print(
                f"| a week of the plain inbox deleted: {done} | {time.monotonic() - begun:.2f} s, vacuum not counted |"
            )
            raise asyncpg.RaiseError
    await connection.close()


async def _drop(made: Busy, connection: "asyncpg.Connection[Any]", rows: int) -> None:
    """The same week dropped as a period."""
    since = await connection.fetchval("SELECT min(since) FROM periods_of('inbox')")
    ids = [UUID(int=id_at(since + timedelta(days=7) * number / (rows // 4)).int) for number in range(rows // 4)]
    moment = datetime.now(UTC)
    await connection.copy_records_to_table("inbox", records=[(GROUP, each, moment) for each in ids])
    begun = time.monotonic()
    await connection.execute("SELECT drop_periods('inbox', $1)", since + timedelta(days=7))
    print(f"| a week of the divided inbox dropped: {len(ids):,} rows | {time.monotonic() - begun:.3f} s |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000)
