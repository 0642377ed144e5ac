"""Shared parts of the tests of messaging: an event, a small service that writes and handles it, and broker twins."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

import shared.messaging
from shared.db import Database
from shared.db.baseline import statements
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import (
    Envelope,
    Handlers,
    KafkaProducer,
    KafkaSettings,
    KafkaSource,
    MakeSource,
    MemoryBroker,
    MemoryProducer,
    MemorySource,
    Message,
    Producer,
    encode,
    outbox,
)
from shared.messaging.retry import is_transient
from tests.infra.databases import TestDatabase
from tests.simulation.database import ModelDatabase, effects
from tests.simulation.database import server as model_of_postgresql
from tests.support.keys import event_keys

TEST_KEYS = event_keys()

TABLES = """
CREATE TABLE submissions (id uuid PRIMARY KEY, aggregate uuid NOT NULL, number integer NOT NULL);
CREATE TABLE effects (position bigint GENERATED ALWAYS AS IDENTITY, id uuid, aggregate uuid, number integer);
GRANT SELECT, INSERT ON submissions, effects TO {role}
"""

_SQL = [Path(shared.messaging.__file__).parent / name for name in ("v1.sql", "v2.sql", "v3.sql", "v4.sql", "v5.sql")]


async def create_tables(database: TestDatabase, *further: str) -> None:
    """Outbox, inbox, dead letters and the tables of the small service; and what `further` statements make."""
    engine = create_async_engine(database.owner_url)
    async with engine.begin() as connection:
        made = [statement for file in _SQL for statement in statements(file, database.role)]
        for statement in [*made, *TABLES.format(role=database.role).split(";"), *further]:
            # Nobody writes yet, and this is one transaction.
            await connection.execute(text(statement.replace(" CONCURRENTLY", "")))
    await engine.dispose()


class Submitted(Event):
    """The only event of these tests: number `number` of `aggregate`."""

    topic: ClassVar[str] = "unset"
    key_fields: ClassVar[tuple[str, ...]] = ("aggregate",)

    aggregate: UUID
    number: int


def submitted_on(topic: str, name: str = "Submitted") -> type[Submitted]:
    """`Submitted` on a topic of its own, because tests share a broker."""
    return type(name, (Submitted,), {"topic": topic, "__module__": __name__})


@dataclass
class Service:
    """A service of two rooms: one writes submissions, the other keeps an effect for each event."""

    db: Database
    topic: str
    name: str = "Submitted"
    event: type[Submitted] = field(init=False)

    def __post_init__(self) -> None:
        self.event = submitted_on(self.topic, self.name)

    def message(self, aggregate: UUID, number: int, event_id: UUID | None = None) -> Message:
        event = self.event(aggregate=aggregate, number=number)
        envelope = Envelope.of(event, id=event_id or new_id(), source="/zairyu/test", time=datetime.now(UTC))
        return TEST_KEYS.sign(encode(event, envelope))

    async def submit(self, aggregate: UUID, number: int, submission: UUID | None = None) -> None:
        """A row and its event, in one transaction."""
        submission = submission or new_id()
        async with self.db.transaction() as session:
            await session.execute(
                text("INSERT INTO submissions VALUES (:id, :aggregate, :number)"),
                {"id": submission, "aggregate": aggregate, "number": number},
            )
            await outbox.put(session, [self.message(aggregate, number, submission)])

    async def submit_whatever_happens(self, aggregate: UUID, number: int) -> None:
        """Like a client with an idempotency key: tries until the submission is there, however often PostgreSQL dies."""
        submission = new_id()
        while True:
            try:
                await self.submit(aggregate, number, submission)
            except (DBAPIError, OSError, TimeoutError) as error:
                if getattr(getattr(error, "orig", None), "sqlstate", None) == "23505":
                    return
                if not is_transient(error):
                    raise
            else:
                return

    async def handle(self, session: AsyncSession, envelope: Envelope, event: Event) -> None:
        assert isinstance(event, Submitted)
        await session.execute(
            text("INSERT INTO effects (id, aggregate, number) VALUES (:id, :aggregate, :number)"),
            {"id": envelope.id, "aggregate": event.aggregate, "number": event.number},
        )

    @property
    def handlers(self) -> Handlers:
        return {self.event: self.handle}

    async def effects(self) -> list[tuple[UUID, int]]:
        """(aggregate, number) in the order in which they had their effect."""
        rows = await self._read("SELECT aggregate, number FROM effects ORDER BY position")
        return [(row.aggregate, row.number) for row in rows]

    async def count(self, table: str) -> int:
        [row] = await self._read(f"SELECT count(*) AS n FROM {table}")
        return int(row.n)

    async def letters(self) -> list[Any]:
        return await self._read("SELECT * FROM dead_letters ORDER BY position")

    async def rows(self, statement: str) -> list[Any]:
        return await self._read(statement)

    async def _read(self, statement: str) -> list[Any]:
        async with self.db.read() as session:
            return list((await session.execute(text(statement))).all())

    async def effects_so_far(self) -> int:
        """For `reached`; none while the database is away."""
        with suppress(DBAPIError, OSError, TimeoutError):
            return await self.count("effects")
        return 0

    async def all_effects_are_there(self, expected: int) -> bool:
        """For `eventually`; false while the database is away."""
        with suppress(DBAPIError, OSError, TimeoutError):
            return await self.count("effects") >= expected
        return False

    async def check_exactly_once_and_in_order(self, expected: int) -> None:
        """Every submission had one effect, and each aggregate's in the order in which they were submitted."""
        effects = await self.effects()
        assert await self.count("submissions") == expected
        assert len(effects) == expected
        assert len(set(effects)) == expected
        for _, numbers in by_key(effects).items():
            assert numbers == sorted(numbers)


class ModelDatabaseAlone(ModelDatabase):
    """The model for one process whose reads nobody disturbs: a session may have several queries."""

    read = ModelDatabase.transaction


class ModelService(Service):
    """The small service on the model of PostgreSQL."""

    def __init__(self, topic: str) -> None:
        self.server = model_of_postgresql(lambda: datetime.now(UTC))
        super().__init__(ModelDatabaseAlone(self.server), topic)  # type: ignore[arg-type]  # stands in for it

    async def handle(self, session: AsyncSession, envelope: Envelope, event: Event) -> None:
        assert isinstance(event, Submitted)
        values = {"kind": "event", "id": envelope.id, "aggregate": event.aggregate, "number": event.number}
        await session.execute(insert(effects).values(**values))

    async def _read(self, statement: str) -> list[Any]:
        asked = _QUESTION.fullmatch(statement)
        assert asked, f"the model is not asked this: {statement}"
        what, table, column, value = asked.groups()
        rows = [SimpleNamespace(**row) for row in self.server.rows(table) if not column or row[column] == value]
        if what.startswith("count"):
            return [SimpleNamespace(n=len(rows))]
        return sorted(rows, key=lambda row: row.position) if table != "dead_letter_decisions" else rows


# The columns that are asked for are among those that the answer has.
_QUESTION = re.compile(
    r"SELECT (\*|count\(\*\) AS n|[a-z, ]+) FROM (\w+)(?: WHERE (\w+) = '(\w+)')?(?: ORDER BY position)?"
)
ON_BOTH_DATABASES = pytest.mark.parametrize("service", ["model", "postgresql"], indirect=True)


def by_key(effects: Iterable[tuple[UUID, int]]) -> dict[UUID, list[int]]:
    """The numbers of each aggregate, in order of effect."""
    ordered = sorted(effects, key=lambda effect: effect[0])
    return {key: [number for _, number in run] for key, run in groupby(ordered, key=lambda effect: effect[0])}


@dataclass(frozen=True)
class Bus:
    """A broker, real or in memory, as a service sees it."""

    name: str
    producer: Callable[[], Producer]
    maker: Callable[[str, Sequence[str]], MakeSource]
    partitions: int


def memory_bus(broker: MemoryBroker) -> Bus:
    return Bus(
        "memory",
        lambda: MemoryProducer(broker),
        lambda group, topics: MemorySource.maker(broker, group, topics),
        broker.partitions,
    )


def kafka_bus(settings: KafkaSettings) -> Bus:
    return Bus(
        "kafka",
        lambda: KafkaProducer(settings),
        lambda group, topics: KafkaSource.maker(settings, group, topics),
        settings.partitions,
    )
