"""The model as a service sees it: in place of `shared.db.Database`, with the methods that messaging and timers use."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol

from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import asyncpg

from shared.messaging import outbox
from shared.messaging.tables import dead_letter_decisions, dead_letters, inbox, recent_events, sent_events
from shared.messaging.tables import outbox as outbox_table
from shared.tasks import see_through
from shared.timers.runs import job_runs
from shared.timers.table import timers
from tests.simulation.process import CURRENT
from tests.simulation.statements import Execution, ModelResult
from tests.simulation.storage import Backend, Server, Stored, Values, failure

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]
metadata = MetaData()
# The small service of the simulation: aggregates with their last number, and what took effect.
aggregates = Table(
    "aggregates", metadata, Column("id", Uuid, primary_key=True), Column("number", Integer, nullable=False)
)
submissions = Table("submissions", metadata, Column("id", Uuid, primary_key=True), Column("key", Uuid, nullable=False))
effects = Table(
    "effects",
    metadata,
    Column("position", BigInteger, Identity(always=True)),
    Column("kind", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("aggregate", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
)


def _letter_holds(row: Values) -> bool:
    """The CHECK constraints of `dead_letters`."""
    status = row["status"]
    return (
        status in ("parked", "deferred", "waiting", "refused")
        and (status == "waiting") == (row["waiting_for"] is not None)
        and (status == "deferred") == (row["retry_at"] is not None)
        and (status != "refused" or row["event_id"] is None)
    )


def server(now: Callable[[], datetime]) -> Server:
    """An empty database. A test holds these constraints to those of the migrations."""
    return Server(
        [
            Stored(outbox_table, {"position": (["position"], None)}, now=["recorded_at"]),
            Stored(sent_events, {"event_id": (["event_id"], None)}, now=["sent_at"]),
            Stored(recent_events, {"position": (["position"], None)}),
            Stored(inbox, {"pk_inbox": (["consumer_group", "event_id"], None)}, now=["received_at"]),
            Stored(
                dead_letters,
                {
                    "id": (["id"], None),
                    "message": (["consumer_group", "topic", "partition", "log_offset", "value"], None),
                    "event": (["consumer_group", "event_id"], lambda row: row["event_id"] is not None),
                },
                check=_letter_holds,
            ),
            Stored(dead_letter_decisions, {"id": (["id"], None)}),
            Stored(timers, {"id": (["id"], None), "subject": (["kind", "subject_id"], None)}),
            Stored(job_runs, {"kind": (["kind"], None)}),
            Stored(aggregates, {"id": (["id"], None)}),
            Stored(submissions, {"id": (["id"], None)}),
            Stored(effects, {}),
        ],
        now,
    )


class Line(Protocol):
    """The way between a process and a server: it may be slow, and may break."""

    async def call(self, label: str, work: Callable[[], Any], backend: Backend) -> Any: ...


class Direct:
    """A line without time and faults."""

    async def call(self, label: str, work: Callable[[], Any], backend: Backend) -> Any:
        done = work()
        return await done if asyncio.iscoroutine(done) else done


class ModelConnection:
    """In place of `AsyncConnection` and of the connection of a session."""

    dialect = _DIALECT

    def __init__(self, server: Server, line: Line) -> None:
        self.backend = Backend(server, CURRENT.get())
        self._line = line
        server.backends.append(self.backend)

    async def execute(self, statement: Any, parameters: Values | None = None) -> ModelResult:
        label = f"{type(statement).__name__} {getattr(getattr(statement, 'table', None), 'name', '')}"
        return await self._line.call(label, lambda: Execution(self.backend, parameters).run(statement), self.backend)  # type: ignore[no-any-return]

    async def scalar(self, statement: Any, parameters: Values | None = None) -> Any:
        return (await self.execute(statement, parameters)).scalar()

    async def scalars(self, statement: Any, parameters: Values | None = None) -> list[Any]:
        return (await self.execute(statement, parameters)).scalars()

    async def exec_driver_sql(self, statement: str, parameters: Sequence[Any]) -> None:
        work = lambda: Execution(self.backend).together(statement, parameters)  # noqa: E731 - read beside its use
        await self._line.call(statement.partition(" (")[0], work, self.backend)

    async def commit(self) -> None:
        await self._line.call("COMMIT", self.backend.commit, self.backend)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        try:
            yield
        except BaseException:
            self.backend.roll_back()
            raise
        await self.commit()

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        transaction = self.backend.begin()
        length = len(transaction.undo)
        try:
            yield
        except BaseException:
            if transaction.active:
                transaction.roll_back_to(length)
            raise
        if transaction.failed:
            raise failure("25P02")

    async def invalidate(self) -> None:
        self.backend.end()

    async def close(self) -> None:
        self.backend.end()


class ModelSession(ModelConnection):
    """In place of `AsyncSession`."""

    # As if its listener were there already: the model calls the wakers itself when a transaction has committed.
    sync_session = SimpleNamespace(info={"outbox_wakes": True})

    @property
    def no_autoflush(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def connection(self) -> "ModelSession":
        return self


class _Reading(ModelSession):
    """A session that only reads. It is modelled for one query: of several it would have to show one moment."""

    async def execute(self, statement: Any, parameters: Values | None = None) -> ModelResult:
        assert self.backend.transaction is None, "only the first query of a reading session is modelled"
        return await super().execute(statement, parameters)


class _Engine:
    def __init__(self, connect: Callable[[], Awaitable[ModelConnection]]) -> None:
        self.connect = connect
        self.sync_engine = self  # by which the outbox knows whom to wake


class ModelDatabase:
    """One process's access to the server."""

    def __init__(self, server: Server, line: Line | None = None) -> None:
        self._server = server
        self._line = line or Direct()
        self.engine = _Engine(self._connect)

    async def _connect(self) -> ModelConnection:
        return ModelConnection(self._server, self._line)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[ModelSession]:
        """As `Database.transaction`."""
        session = ModelSession(self._server, self._line)
        try:
            yield session
            await session.commit()
            for wake in outbox._wakers.get(self.engine, ()):  # type: ignore[call-overload]
                wake()
        finally:
            await see_through(session.close(), seconds=30, name="closing of a database session")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ModelSession]:
        """As `Database.read`."""
        session = _Reading(self._server, self._line)
        try:
            yield session
        finally:
            await see_through(session.close(), seconds=30, name="closing of a database session")

    async def ask(self, query: Any, values: Values) -> Any:
        """As `Database.ask`."""
        async with self.read() as session:
            return await session.scalar(query, values)
