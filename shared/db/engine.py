"""The engine, its pool, and the two kinds of session: one that writes once, one that cannot write."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import Gauge
from sqlalchemy import DateTime, Executable, MetaData, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Result, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import AsyncAdaptedQueuePool

from shared.tasks import see_through

_CLOSE_SECONDS = 30.0  # a rollback on a connection whose server went away
CONNECTIONS = Gauge("zairyu_database_connections", "Connections to its database that this process may hold")
IN_USE = Gauge("zairyu_database_connections_in_use", "Of these, how many are lent out now")

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """Base of every mapped table: constraints get predictable names, so migrations can find them.

    A service declares its own `class Row(shared.db.Row)` with `metadata = MetaData(naming_convention=NAMING)`,
    because tables of two services never share a metadata.
    """

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)
    # Times are always aware; structured values are JSONB.
    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB}  # noqa: RUF012


class ReadSession(Protocol):
    """The reading half of a session. Queries take this, so that the type checker refuses a write in a GET."""

    async def execute(self, statement: Executable, params: Any = None, /) -> Result[Any]: ...
    async def scalar(self, statement: Executable, params: Any = None, /) -> Any: ...
    async def scalars(self, statement: Executable, params: Any = None, /) -> Any: ...
    async def get(self, entity: Any, ident: Any, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class PoolState:
    """The fill of the connection pool: `size` connections at most, `in_use` of them lent out."""

    size: int
    in_use: int


class Database:
    """A service's own database.

    `url` is `postgresql+asyncpg://role:password@host:port/database`. The pool is bounded and small: work that
    needs more connections waits, and `pool()` shows it. Nothing connects before it is used, so that a service
    started before PostgreSQL waits for it instead of dying. `session_class` is the ORM session that transactions use.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        statement_timeout_ms: int = 30_000,
        name: str = "zairyu",
        session_class: type[Session] = Session,
    ) -> None:
        if make_url(url).drivername != "postgresql+asyncpg":
            raise ArgumentError("the address of a database begins with postgresql+asyncpg://")
        self.url = url
        self._session_class = session_class
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            # Values of a statement never get into an error message, and so into no log.
            hide_parameters=True,
            pool_timeout=10,
            # The same few connections again and again: each learns every statement by itself, here and in the server.
            pool_use_lifo=True,
            # A connection that died with the server is noticed when it is taken, not in the middle of a command.
            pool_pre_ping=False,
            pool_recycle=1800,
            connect_args={
                "timeout": 5,
                "server_settings": {
                    "application_name": name,
                    "statement_timeout": str(statement_timeout_ms),
                    "idle_in_transaction_session_timeout": "60000",
                    "jit": "off",
                    # Requests share the cores, and starting a worker takes longer than the longest of our queries.
                    "max_parallel_workers_per_gather": "0",
                },
            },
        )
        # The same connections: the transaction begins as one that reads, without a statement that says so.
        self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._asking = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work: committed when the block ends, rolled back when it raises."""
        session = AsyncSession(self.engine, sync_session_class=self._session_class, expire_on_commit=False)
        try:
            yield session
            await session.commit()
        finally:
            await _close(session.close())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """A session that PostgreSQL itself keeps from writing, and that sees the database as it was at its first query:
        what several queries find in it fits together."""
        session = AsyncSession(self._reading, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            await _close(session.close())

    async def ask(self, query: Executable, values: Mapping[str, Any]) -> Any:
        """The first value that one query answers, for what is asked again and again: half of `read`, which tells the
        server besides where its transaction begins and ends."""
        connection = await self._asking.connect()
        try:
            return await connection.scalar(query, values)
        finally:
            await _close(connection.close())

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection of one's own, for session-level locks and the like."""
        connection = await self.engine.connect()
        try:
            yield connection
        finally:
            await _close(connection.close())

    async def ping(self) -> None:
        """Raise unless the database answers a query within two seconds."""
        async with asyncio.timeout(2), self.read() as session:
            await session.execute(text("SELECT 1"))

    def pool(self) -> PoolState:
        """The pool as it is now."""
        pool = self.engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        return PoolState(size=pool.size(), in_use=pool.checkedout())

    def measure(self) -> None:
        """Have the metrics of this process show this pool."""
        CONNECTIONS.set(self.pool().size)
        IN_USE.set_function(lambda: self.pool().in_use)

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()


async def _close(closing: Coroutine[Any, Any, None]) -> None:
    """Close even when the request that owned it was cancelled: else its connection is lost to the pool."""
    failed = await see_through(closing, seconds=_CLOSE_SECONDS, name="closing of a database session")
    if failed is not None:
        raise failed
