"""A small service with many rows that goes on working while its tables are divided."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

import shared.journal
import shared.timers
from shared.auth import Actor
from shared.clock import SystemClock
from shared.db import Database
from shared.db.baseline import statements
from shared.ids import first_id, new_id
from shared.journal import GENESIS, Entry, JournalledSession, entry_hash
from shared.messaging import Consumer, MemoryBroker, MemoryProducer, MemorySource, Relay
from shared.partitions import DIVIDED
from shared.partitions.switch import Switched, switch
from shared.work import Commands
from tests.infra.databases import TestDatabase
from tests.messaging.support import TEST_KEYS, Service, create_tables
from tests.support import folder
from tests.support.folder import Opened, open_folder, rename_folder, request_identity
from tests.support.parts import running
from tests.support.waiting import eventually

GROUP = "effects"
_AT_ONCE = 5_000
_MOST_TRUE = 50_000
_LINES = """
INSERT INTO journal (aggregate, aggregate_id, version, action, actor_kind, actor_id, at, request_id, idempotency_scope,
    idempotency_key, fingerprint, answer, detail, changes, previous_hash, hash, xid)
SELECT 'folder', {past}, 1, 'folder:open', 'officer', '00000000-0000-0000-0000-000000000001',
    now() - n * interval '28 days' / {rows}, 'made', 'made', n, 'same',
    jsonb_build_object('text', repeat('a', 200)), '{{}}',
    jsonb_build_array(jsonb_build_object('text', repeat('b', 400))), decode(repeat('00', 32), 'hex'),
    sha256(n::text::bytea), -n
FROM generate_series(1, {rows}) AS n
"""
_COLUMNS = (*Entry.__slots__, "previous_hash", "hash", "xid")
# Rows of the past, made of a number by the database; ids spread over four weeks.
_PAST = (
    "(lpad(to_hex((extract(epoch FROM now() - n * interval '28 days' / {rows}) * 1000)::bigint), 12, '0')"
    " || '70008000' || lpad(to_hex(n), 12, '0'))::uuid"
)


@dataclass
class Busy:
    """The service, its broker in memory, and what it did."""

    database: TestDatabase
    service: Service
    commands: Commands
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    submitted: int = 0
    answers: dict[str, list[UUID]] = field(default_factory=dict)

    async def owner(self) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(self.database.owner_url.replace("+asyncpg", ""))

    async def fill(self, rows: int) -> None:
        """So many rows in each of the tables, of the last four weeks; lines of the journal that fit, unless they are
        many."""
        connection = await self.owner()
        past = _PAST.format(rows=rows)
        await connection.execute(
            f"INSERT INTO inbox SELECT '{GROUP}', {past}, now() - n * interval '28 days' / {rows}"
            f" FROM generate_series(1, {rows}) AS n"
        )
        await connection.execute(
            f"INSERT INTO sent_events SELECT {past}, 'Submitted', n::text, now() FROM generate_series(1, {rows}) AS n"
        )
        if rows > _MOST_TRUE:
            await connection.execute(_LINES.format(rows=rows, past=past))
        for first in range(0, rows if rows <= _MOST_TRUE else 0, _AT_ONCE):
            lines = [_line(rows, number) for number in range(first, min(first + _AT_ONCE, rows))]
            await connection.copy_records_to_table("journal", records=lines, columns=_COLUMNS)
        await connection.execute("ANALYZE inbox, sent_events, journal")
        await connection.close()

    async def divide(self, name: str) -> Switched:
        """Divide a table as the owner does."""
        connection = await self.owner()
        try:
            return await switch(connection, DIVIDED[name], datetime.now(UTC))
        finally:
            await connection.close()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Events are written, sent and taken, and commands are repeated, until the block ends; then all is awaited."""
        source = MemorySource.maker(self.broker, GROUP, [self.service.topic])
        consumer = Consumer(self.service.db, source, GROUP, self.service.handlers, keys=TEST_KEYS)
        relay = Relay(self.service.db, MemoryProducer(self.broker))
        over = asyncio.Event()

        async def until_over(step: Callable[[], Coroutine[Any, Any, None]]) -> None:
            while not over.is_set():
                await step()

        async with running(relay.run()), running(consumer.run()):
            writers = [asyncio.create_task(until_over(step)) for step in (self._submit, self._submit, self._command)]
            try:
                before = self.submitted
                await eventually(lambda: self.submitted > before + 5 and self.answers, 60)
                yield
                after = self.submitted
                await eventually(lambda: self.submitted > after + 5 or any(task.done() for task in writers), 60)
            finally:
                over.set()
                await asyncio.gather(*writers)
            await eventually(lambda: self.service.all_effects_are_there(self.submitted), 120)

    async def _submit(self) -> None:
        self.submitted += 1
        await self.service.submit(new_id(), self.submitted)

    async def _command(self) -> None:
        """A command that comes twice at once, and another one for what it made."""
        key, actor = new_id().hex, Actor(kind="officer", id=new_id())

        async def send() -> Opened:
            return await self.commands.once(actor, request_identity(key), lambda work: open_folder(work, "A"), Opened)

        both = await asyncio.gather(send(), send())
        self.answers[key] = [answer.id for answer in both]
        await self.commands.run(actor, request_identity(), lambda work: rename_folder(work, both[0].id, "B"))

    async def count(self, query: str) -> int:
        async with self.service.db.read() as session:
            return int(await session.scalar(text(query)) or 0)


@asynccontextmanager
async def busy(database: TestDatabase) -> AsyncIterator[Busy]:
    """The service on a database without tables."""
    journal, timers = (Path(str(module.__file__)).parent / "v1.sql" for module in (shared.journal, shared.timers))
    made = [*statements(journal, database.role), *statements(timers, database.role)]
    recent = Path(str(shared.journal.__file__)).parent / "v2.sql"
    await create_tables(
        database, *made, *statements(recent, ""), *(each.format(role=database.role) for each in folder.CREATE)
    )
    db = Database(database.url, session_class=JournalledSession)
    try:
        yield Busy(database, Service(db, f"test.{new_id().hex[-12:]}"), Commands(db, SystemClock(), TEST_KEYS))
    finally:
        await db.close()


def id_at(moment: datetime) -> UUID:
    """An id as one that is made at that moment."""
    return UUID(int=first_id(moment).int | 7 << 76 | new_id().int & (1 << 76) - 1)


def _line(rows: int, number: int) -> tuple[Any, ...]:
    at = datetime.now(UTC) - timedelta(days=28) * number / rows
    entry = Entry(
        aggregate="folder",
        aggregate_id=UUID(int=first_id(at).int | 7 << 76 | 2 << 62 | number),
        version=1,
        action="folder:open",
        actor_kind="officer",
        actor_id=UUID(int=1),
        actor_organisation_id=None,
        actor_name=None,
        at=at,
        request_id="made",
        cause_event_id=None,
        idempotency_scope="made",
        idempotency_key=str(number),
        fingerprint=b"same",
        answer=None,
        detail={},
        changes=[],
    )
    kept = {name: getattr(entry, name) for name in Entry.__slots__} | {"detail": "{}", "changes": "[]"}
    return (*kept.values(), GENESIS, entry_hash(entry, GENESIS), number - rows)
