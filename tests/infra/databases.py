"""Databases for tests: copied from a migrated template made once a session, and emptied to be used again."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Thread
from typing import Any, TypeVar

import asyncpg

from deploy.local.postgres import Postgres, admit, owner_of, role_of
from shared.db.migrate import migrate

T = TypeVar("T")

BARE = "bare"
# A table of so many bytes is cut off rather than emptied row by row, which would leave the rows' room behind.
_LARGE = 128 * 1024
# Connections that do nothing are kept: those of `tests.infra.engines`.
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_TABLES = """
SELECT oid::regclass::text AS name, pg_relation_size(oid) AS size FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
# A sequence of a column counts from one again; one that a function of the service made goes.
_SEQUENCES = """
SELECT sequence.oid::regclass::text AS name, owned.objid IS NOT NULL AS stays FROM pg_class AS sequence
LEFT JOIN pg_depend AS owned ON owned.objid = sequence.oid AND owned.deptype IN ('a', 'i')
WHERE sequence.relnamespace = 'public'::regnamespace AND sequence.relkind = 'S'
AND (owned.objid IS NULL OR pg_sequence_last_value(sequence.oid) IS NOT NULL)
"""


@dataclass(slots=True)
class TestDatabase:
    """A database of one test. `url` works as the service's role (an asyncpg URL)."""

    __test__ = False

    service: str
    name: str
    url: str
    _owner_url: str
    altered: bool = field(default=False, init=False)

    @property
    def owner_url(self) -> str:
        """The URL of the owner, who may change the tables: such a database is not used again."""
        self.altered = True
        return self._owner_url

    @property
    def role(self) -> str:
        """The role behind `url`: it may do what was granted to it."""
        return role_of(self.service)

    @property
    def owner(self) -> str:
        """The role behind `owner_url`."""
        return owner_of(self.service)


class Superuser:
    """Work as superuser, on an event loop of a thread of its own: the caller may be inside one, or have none.

    The connection to a database stays open for the next emptying: to connect, and to look up every table again, takes
    four times as long as the work itself.
    """

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._loop = asyncio.new_event_loop()
        self._open: dict[str, asyncpg.Connection[Any]] = {}
        Thread(target=self._loop.run_forever, name="superuser", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it to its end."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def connection(self, database: str) -> "asyncpg.Connection[Any]":
        """The open connection; another one after the server was started again."""
        connection = self._open.get(database)
        if connection is None or connection.is_closed():
            connection = self._open[database] = await self._postgres.connect(database)
            # Triggers and foreign keys sleep: rows go in any order, also those that nobody may delete.
            await connection.execute("SET session_replication_role = replica")
        return connection

    async def empty(self, database: str) -> None:
        """End all other connections that are at work, and remove every row."""
        connection = await self.connection(database)
        await connection.fetch(_END_OTHERS)
        tables = await connection.fetch(_TABLES)
        if any(table["size"] > _LARGE for table in tables):
            work = [f"TRUNCATE {', '.join(table['name'] for table in tables)}"]
        else:
            each = [f"SELECT '{table['name']}' WHERE EXISTS (SELECT FROM {table['name']})" for table in tables]
            work = [f"DELETE FROM {filled[0]}" for filled in await connection.fetch(" UNION ALL ".join(each))]
        for sequence in await connection.fetch(_SEQUENCES):
            name = sequence["name"]
            work.append(f"SELECT setval('{name}', 1, false)" if sequence["stays"] else f"DROP SEQUENCE {name}")
        if work:
            await connection.execute(";".join(work))

    async def drop(self, database: str) -> None:
        """Remove the database, ending the connections that are left."""
        if connection := self._open.pop(database, None):
            await connection.close()
        await (await self.connection("postgres")).execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


class Databases:
    """Creates, empties and drops them on one server."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._superuser = Superuser(postgres)
        self._templates: dict[str, str] = {}
        self._with_roles: set[str] = set()
        self._numbers = count(1)
        self._empty: dict[str, list[TestDatabase]] = defaultdict(list)

    def create(self, service: str) -> TestDatabase:
        """A migrated database of `service`, empty of rows other than the migrations' own."""
        if self._empty[service]:
            return self._empty[service].pop()
        if service not in self._templates:
            name = f"template_{service}"
            self._superuser.run(self._create(service, name, None))
            url = self._postgres.url(service, owner=True, database=name)
            # In a thread: Alembic runs an event loop of its own.
            self._superuser.run(asyncio.to_thread(migrate, service, url))
            self._templates[service] = name
        return self._new(service, self._templates[service])

    def bare(self) -> TestDatabase:
        """A database without any table: create what the test needs as owner, and grant it to `.role`."""
        return self._new(BARE, None)

    @contextmanager
    def lent(self) -> Iterator[Callable[[str], TestDatabase]]:
        """Lend databases until the block ends; gives the function that makes one for a service."""
        made: list[TestDatabase] = []

        def new(service: str) -> TestDatabase:
            made.append(self.create(service))
            return made[-1]

        yield new
        for database in made:
            self.give_back(database)

    def give_back(self, database: TestDatabase) -> None:
        """Empty it for the next test: a tenth of the time that another one takes. The service's role changes rows and
        nothing else, so that they are all there is to undo; one whose owner was at work is dropped."""
        if database.altered:
            self.drop(database)
        else:
            self._superuser.run(self._superuser.empty(database.name))
            self._empty[database.service].append(database)

    def drop(self, database: TestDatabase) -> None:
        """Remove it, ending the connections that are left."""
        self._superuser.run(self._superuser.drop(database.name))

    def _new(self, service: str, template: str | None) -> TestDatabase:
        name = f"test_{service}_{next(self._numbers)}"
        self._superuser.run(self._create(service, name, template))
        return TestDatabase(
            service,
            name,
            self._postgres.url(service, database=name),
            self._postgres.url(service, owner=True, database=name),
        )

    async def _create(self, service: str, name: str, template: str | None) -> None:
        connection = await self._superuser.connection("postgres")
        if service not in self._with_roles:
            await self._postgres.create_roles(connection, service)
            self._with_roles.add(service)
        source = template or "template0"
        try:
            # As files: the usual way, page by page through the log, computes half as much again.
            how = f'TEMPLATE "{source}" STRATEGY FILE_COPY'
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner_of(service)}" {how}')
        except asyncpg.ObjectInUseError as error:
            raise AssertionError(f"something is still connected to {template}: {error}") from error
        await admit(connection, service, name)
