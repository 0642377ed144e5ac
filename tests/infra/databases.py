"""Databases for tests: a fresh one each, copied from a migrated template made once a session."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import asyncpg

from deploy.local.postgres import Postgres, admit, owner_of, role_of, run
from shared.db.migrate import migrate

BARE = "bare"


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """A database of one test. `url` works as the service's role, `owner_url` as the owner (both asyncpg URLs)."""

    __test__ = False

    service: str
    name: str
    url: str
    owner_url: str

    @property
    def role(self) -> str:
        """The role behind `url`: it may do what was granted to it."""
        return role_of(self.service)

    @property
    def owner(self) -> str:
        """The role behind `owner_url`."""
        return owner_of(self.service)


class Databases:
    """Creates and drops them on one server."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._templates: dict[str, str] = {}
        self._numbers = count(1)

    def create(self, service: str) -> TestDatabase:
        """A migrated database of `service`, empty of rows other than the migrations' own."""
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

    def drop(self, database: TestDatabase) -> None:
        """Remove it, ending the connections that are left."""
        run(self._execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)'))

    def _new(self, service: str, template: str | None) -> TestDatabase:
        name = f"test_{service}_{next(self._numbers)}"
        run(self._create(service, name, template))
        return TestDatabase(
            service=service,
            name=name,
            url=self._postgres.url(service, database=name),
            owner_url=self._postgres.url(service, owner=True, database=name),
        )

    async def _create(self, service: str, name: str, template: str | None) -> None:
        connection = await self._postgres.connect()
        try:
            await self._postgres.create_roles(connection, service)
            source = template or "template0"
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner_of(service)}" TEMPLATE "{source}"')
            await admit(connection, service, name)
        except asyncpg.ObjectInUseError as error:
            raise AssertionError(f"something is still connected to {template}: {error}") from error
        finally:
            await connection.close()

    async def _execute(self, statement: str) -> None:
        connection = await self._postgres.connect()
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def _in_thread(work: Callable[[], None]) -> None:
    import asyncio

    await asyncio.to_thread(work)
