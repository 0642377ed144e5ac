"""The fixtures. A server starts when the first test of the worker asks for it and is shared until the session ends.

A test may stop, kill and start servers (`stack.broker.kill()`, `stack.broker.start()`): whatever it leaves down is
started again after it. Topics, buckets' keys and mail addresses are shared by the tests of a session: make them unique.
With pytest-xdist every worker has servers of its own, so that a fault in one is no fault in another.
"""

import asyncio
import os
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Literal

import psutil
import pytest

from deploy.local.broker import Broker
from deploy.local.object_store import ObjectStore
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.process import Process, Spec
from deploy.local.scanner import MISSING, Scanner
from deploy.local.server import Server
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack
from tests.infra import runs
from tests.infra.databases import Databases, TestDatabase
from tests.infra.engines import engines_used_again


class Started:
    """The servers that this session has asked for."""

    def __init__(self) -> None:
        self._servers: list[Server] = []

    def need(self, server: Server) -> None:
        """Start it unless that was done before."""
        if server not in self._servers:
            server.start()
            self._servers.append(server)

    def restart_killed(self) -> None:
        """Start again what a test left down."""
        for server in self._servers:
            if not server.running():
                server.start()

    def wake_the_broker(self, needed: bool) -> None:
        """Let the broker go on where the next test uses it, and stop it elsewhere: it looks at its log all the time,
        which costs the store and itself a sixth of a core for each worker.

        Not the store: after some minutes its parts have lost each other, and the first request waits longer than 20 s.
        """
        for server in self._servers:
            if isinstance(server, Broker) and (process := server.process.find()):
                stopped = process.status() == psutil.STATUS_STOPPED
                if needed and stopped:
                    process.resume()
                elif not needed and not stopped:
                    process.suspend()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for a server, by whichever fixture, as `server`."""
    for item in items:
        if "servers" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.server)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note which test runs, for fixtures of the session."""
    item.session.stash[_ITEM] = item
    if _SERVERS in item.session.stash:
        item.session.stash[_SERVERS].wake_the_broker(item.get_closest_marker("kafka") is not None)


@pytest.fixture(scope="session", autouse=True)
def _marked_tests_start_servers_and_no_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """`make quick` counts on the mark `server`: a test without it that starts a process of the local stack fails."""
    spawn = Process.spawn

    def checked(process: Process, spec: Spec) -> None:
        item = request.session.stash[_ITEM]
        if item.get_closest_marker("server") is None:
            pytest.fail(f"{item.nodeid} starts {spec.name}: name the fixture as an argument, or mark the test `server`")
        spawn(process, spec)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Process, "spawn", checked)
        yield


@pytest.fixture(scope="session", autouse=True)
async def _engines_used_again() -> AsyncIterator[None]:
    with engines_used_again(asyncio.get_running_loop()):
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[LocalStack, Started]]:
    """The stack of this worker, nothing started yet."""
    directory = runs.claim(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    stack, remove = _stack(directory)
    stack.lock()
    try:
        yield stack, Started()
    finally:
        # Their data goes too: no need for an orderly end.
        for server in reversed(stack.servers):
            server.kill()
        remove()
        runs.release(directory)


@pytest.fixture(autouse=True)
def _servers_are_back(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    # Only where this session has servers at all: most unit tests have none.
    if _SERVERS in request.session.stash:
        request.session.stash[_SERVERS].restart_killed()


def _stack(directory: Path) -> tuple[LocalStack, Callable[[], None]]:
    """The stack of the environment's choice, and what else there is to do once its servers have ended."""
    if os.environ.get("ZAIRYU_TEST_INFRA") == "docker":
        from tests.infra.docker import DockerStack, engine_answers

        if engine_answers():
            stack = DockerStack(directory, Ports.free())
            return stack, stack.remove
        warnings.warn("ZAIRYU_TEST_INFRA=docker, but no Docker engine answers: using the local servers", stacklevel=1)
    return LocalStack(directory, Ports.free(), durable=False, kafka=_kafka()), lambda: None


def _kafka() -> Literal["tansu", "apache"]:
    asked = os.environ.get("ZAIRYU_TEST_KAFKA", "tansu")
    if asked == "apache":
        return "apache"
    assert asked == "tansu", f"ZAIRYU_TEST_KAFKA={asked!r}: tansu or apache"
    return "tansu"


_SERVERS = pytest.StashKey[Started]()
_ITEM = pytest.StashKey[pytest.Item]()


def _need(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started], *names: str) -> LocalStack:
    stack, started = servers
    request.session.stash[_SERVERS] = started
    for name in names:
        started.need(getattr(stack, name))
    return stack


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> Postgres:
    """The PostgreSQL server."""
    return _need(request, servers, "postgres").postgres


@pytest.fixture(scope="session")
def object_store(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> ObjectStore:
    """The S3 store: `.endpoint`, `.access_key`, `.secret_key`, `.bucket`, `.client()`."""
    return _need(request, servers, "object_store").object_store


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> Broker:
    """The broker: `.bootstrap`, `.idempotence` (whether producers may be idempotent)."""
    return _need(request, servers, "object_store", "broker").broker


@pytest.fixture(scope="session")
def mailbox(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> Mailbox:
    """The SMTP server: `.host`, `.port`, `.messages(recipient)`, `.refuse(glob, code)`, `.accept_all()`."""
    return _need(request, servers, "mailbox").mailbox


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> LocalStack:
    """All servers: `.postgres`, `.object_store`, `.broker`, `.mailbox`, `.identity_provider`, `.payment`, `.scanner`;
    and `.ports`.
    """
    stack, started = servers
    _need(request, servers)
    for server in stack.servers:
        started.need(server)
    return stack


@pytest.fixture(scope="session")
def clamd(request: pytest.FixtureRequest, servers: tuple[LocalStack, Started]) -> Scanner:
    """clamd: `.address`, `.add(name, content)`. Tests that need it are skipped where the machine has none."""
    if servers[0].scanner is None:
        pytest.skip(MISSING)
    _need(request, servers, "scanner")
    return servers[0].scanner


@pytest.fixture(scope="session")
def databases(postgres: Postgres) -> Databases:
    """Creates databases that live longer than a test; mostly `service_database` is what you want."""
    return Databases(postgres)


@pytest.fixture
def service_database(databases: Databases) -> Iterator[Callable[[str], TestDatabase]]:
    """`service_database("review")`: a migrated database without rows, emptied after the test."""
    made: list[TestDatabase] = []

    def new(service: str) -> TestDatabase:
        made.append(databases.create(service))
        return made[-1]

    yield new
    for database in made:
        databases.give_back(database)


@pytest.fixture
def bare_database(databases: Databases) -> Iterator[TestDatabase]:
    """A database without tables, with an owner and a role."""
    database = databases.bare()
    yield database
    databases.drop(database)
