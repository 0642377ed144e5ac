"""Rebuild of a projection: the facts of many cases from a snapshot of their applications.

`python -m tests.bench.rebuild [CASES]` measures with so many; 1,000,000 take 8 GB of disk and some minutes to fill.

Owner and keeper work in one process, the database beside them. Between the relay and the effects stands no broker:
what it costs is measured apart (`messaging`).
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import asyncpg

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared.auth import Actor
from shared.clock import SystemClock
from shared.http.server import exempt_what_stays
from shared.messaging import Message, Relay
from shared.messaging.effects import Effects
from shared.messaging.limit import DeadLetterLimit
from shared.messaging.message import Received
from shared.rebuilding import rebuilds, snapshots
from shared.tasks import see_through
from shared.timers import TimerWorker
from shared.work import RequestIdentity
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.services.application.people import Filer
from tests.support.service import RunningService, running

CASES = 1_000_000
_SECONDS = 300.0
# As many pages as a fetch of one partition brings.
_BATCH = 10
_PARTITIONS = 12
_ID = "('00000000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"
# Each like the one that was filed; the numbers give both services the same ids.
_COPIES = """
INSERT INTO {table}
SELECT (jsonb_populate_record(one, jsonb_build_object('id', {id}, 'receipt_number', 'B' || number) || '{also}'
    || jsonb_build_object('{key}', {id}))).*
FROM {table} AS one, generate_series(1, $1::bigint) AS number
"""
_OWNER = _COPIES.format(table="applications", id=_ID.format(number="number"), key="id", also='{"person_key": null}')
_KEEPER = _COPIES.format(table="cases", id=_ID.format(number="number"), key="application_id", also="{}")
# One case of a thousand is wrong.
_SPOILED = "UPDATE cases SET nationality = 'XXX' WHERE receipt_number LIKE 'B%000'"


class Direct:
    """A producer that gives messages to their reader at once, as a broker would a batch."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._offsets = count()

    async def send(self, messages: Sequence[Message]) -> None:
        for start in range(0, len(messages), _BATCH):
            batch = [
                Received(one.topic, one.key, one.value, one.headers, partition=0, offset=next(self._offsets))
                for one in messages[start : start + _BATCH]
            ]
            if items := self._effects.open(batch):
                assert not await self._effects.apply_batch(items)

    async def stop(self) -> None:
        """Nothing to close."""


def measure(cases: int = CASES) -> list[Line]:
    """Seconds from the order to the switch."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=("application", "review"))
        stack.lock()
        stack.postgres.start()
        try:
            databases = Databases(stack.postgres)
            owner, keeper = databases.create("application"), databases.create("review")
            processor = Processor(Path(made) / "postgres" / "postmaster.pid")
            return asyncio.run(_measured(owner, keeper, cases, processor))
        finally:
            stack.stop()


async def _measured(owner: TestDatabase, keeper: TestDatabase, cases: int, processor: Processor) -> list[Line]:
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        sending = await stack.enter_async_context(running("application", owner, clock=clock))
        keeping = await stack.enter_async_context(running("review", keeper, clock=clock))
        await Filer(sending).filed()
        await keeping.deliver(*[e for e in await sending.events() if type(e) in keeping.app.state.handlers])
        for database, *statements in ((owner, _OWNER), (keeper, _KEEPER, _SPOILED)):
            await _fill(database, *statements, rows=cases - 1)
        return await _rebuilt(sending, keeping, cases, processor)


async def _fill(database: TestDatabase, copies: str, *others: str, rows: int) -> None:
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=7200)
    await connection.execute(copies, rows)
    for statement in (*others, "DELETE FROM outbox", "VACUUM ANALYZE"):
        await connection.execute(statement)
    await connection.close()


async def _rebuilt(owner: RunningService, keeper: RunningService, cases: int, processor: Processor) -> list[Line]:
    sending, keeping = owner.app.state, keeper.app.state
    steps = snapshots.step(sending.snapshot_sources, _partitions)
    sends = TimerWorker(sending.runtime.commands, {snapshots.STEP: steps})
    projections = {each.name: each for each in keeping.projections}
    rebuilding = TimerWorker(keeping.runtime.commands, {rebuilds.STEP: rebuilds.step(projections)}, pause=0.2)
    keys = keeping.runtime.event_keys
    effects = Effects(keeper.db, "review", keeping.handlers, keys, DeadLetterLimit(), SystemClock())
    exempt_what_stays()
    began, computed = time.perf_counter(), time.process_time()
    with processor.counting([]) as cost:
        async with sending.runtime.commands.work(Actor.system("bench"), RequestIdentity("bench")) as work:
            await snapshots.order(work, sending.snapshot_sources["applications"], "measured", "bench")
        relay = Relay(sending.runtime.db, Direct(effects))
        tasks = [asyncio.create_task(each.run()) for each in (sends, relay, rebuilding)]
        try:
            while not (last := await _last(keeper)) or last.state != "done":
                await asyncio.sleep(0.2)
        finally:
            for task in tasks:
                task.cancel()
            await see_through(asyncio.wait(tasks), seconds=30, name="end of the parts")
    seconds = time.perf_counter() - began
    spoiled = (cases - 1) // 1000
    assert (last.state, last.compared, last.different, last.repaired) == ("done", cases, spoiled, spoiled), last
    note = f"{time.process_time() - computed:.1f} s CPU of both services, {cost.seconds:.1f} s of PostgreSQL"
    target = _SECONDS * cases / CASES
    return [Line(f"rebuild of a projection, {cases:,} cases", seconds, "s", target, at_most=True, note=note)]


async def _partitions(topic: str) -> int:
    return _PARTITIONS


async def _last(keeper: RunningService):  # type: ignore[no-untyped-def]  # a row of five names
    async with keeper.db.read() as session:
        return next(iter(await rebuilds.newest(session)), None)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else CASES):
        sys.stdout.write(" | ".join(line.cells()) + "\n")
