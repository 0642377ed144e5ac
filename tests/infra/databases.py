"""Databases for tests: copied from a migrated template made once a session, and emptied to be used again."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import asyncpg

from deploy.local.postgres import Postgres, admit, owner_of, role_of, run
from shared.db.migrate import migrate

BARE = "bare"
# A table of so many bytes is cut off rather than emptied row by row, which would leave the rows' room behind.
_LARGE = 128 * 1024
# As superuser and with triggers and foreign keys asleep: rows in any order, also those that nobody may delete.
_EMPTY = f"""
SET session_replication_role = replica;
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$
DECLARE
    item record;
    filled boolean;
    large text;
BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO large FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        HAVING max(pg_relation_size(oid)) > {_LARGE};
    IF large IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || large;
    ELSE
        FOR item IN SELECT oid::regclass AS name FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', item.name) INTO filled;
            IF filled THEN
                EXECUTE format('DELETE FROM %s', item.name);
            END IF;
        END LOOP;
    END IF;
    -- A sequence of a column counts from one again; one that a function of the service made goes.
    FOR item IN SELECT sequence.oid::regclass AS name, owned.objid IS NOT NULL AS stays FROM pg_class AS sequence
        LEFT JOIN pg_depend AS owned ON owned.objid = sequence.oid AND owned.deptype IN ('a', 'i')
        WHERE sequence.relnamespace = 'public'::regnamespace AND sequence.relkind = 'S'
    LOOP
        IF item.stays THEN
            PERFORM setval(item.name, 1, false);
        ELSE
            EXECUTE format('DROP SEQUENCE %s', item.name);
        END IF;
    END LOOP;
END $$
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


class Databases:
    """Creates, empties and drops them on one server."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
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
            run(self._create(service, name, None))
            # In a thread of its own: Alembic runs an event loop, and the caller may be inside one.
            run(_in_thread(lambda: migrate(service, self._postgres.url(service, owner=True, database=name))))
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
            run(self._execute(_EMPTY, database.name))
            self._empty[database.service].append(database)

    def drop(self, database: TestDatabase) -> None:
        """Remove it, ending the connections that are left."""
        run(self._execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)'))

    def _new(self, service: str, template: str | None) -> TestDatabase:
        name = f"test_{service}_{next(self._numbers)}"
        run(self._create(service, name, template))
        return TestDatabase(
            service,
            name,
            self._postgres.url(service, database=name),
            self._postgres.url(service, owner=True, database=name),
        )

    async def _create(self, service: str, name: str, template: str | None) -> None:
        connection = await self._postgres.connect()
        try:
            if service not in self._with_roles:
                await self._postgres.create_roles(connection, service)
                self._with_roles.add(service)
            source = template or "template0"
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner_of(service)}" TEMPLATE "{source}"')
            await admit(connection, service, name)
        except asyncpg.ObjectInUseError as error:
            raise AssertionError(f"something is still connected to {template}: {error}") from error
        finally:
            await connection.close()

    async def _execute(self, statements: str, database: str = "postgres") -> None:
        connection = await self._postgres.connect(database)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()


async def _in_thread(work: Callable[[], None]) -> None:
    import asyncio

    await asyncio.to_thread(work)
