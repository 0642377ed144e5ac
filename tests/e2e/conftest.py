"""The whole system, started once for all end-to-end tests and ended after them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.demo import __main__ as demo
from deploy.demo import case
from deploy.demo.place import place_of
from deploy.demo.story import Story
from deploy.local.stack import LocalStack
from deploy.local.system import System, running_system
from tests.support.collector import Collector, collecting

_ENDED = '"event": "part.ended"'


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    """A collector of the traces of the system."""
    with collecting() as running:
        yield running


@pytest.fixture(scope="package")
def system(stack: LocalStack, collector: Collector) -> Iterator[System]:
    """On the servers of the session. Other tests kill those servers: by then nothing may watch over them any more."""
    traced = {"ZAIRYU_OTLP_ENDPOINT": collector.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "1000"}
    with running_system(stack=stack, further=traced) as running:
        yield running


@pytest.fixture(scope="package")
def played(system: System) -> case.Outcome:
    """The case of the demo, from the usage registration to the mailed card."""
    return asyncio.run(demo.show(system, Story(quiet=True)))


@contextmanager
def watching(system: System) -> Iterator[System]:
    """Somebody starts again what dies in the block. After it everything runs, whatever died last."""
    system.watch()
    try:
        yield system
    finally:
        system.unwatch()
        system.start_dead()


@pytest.fixture
def watched(system: System) -> Iterator[System]:
    """The system, with somebody who starts again what dies."""
    with watching(system):
        yield system


@pytest.fixture(scope="package")
def login_id(system: System) -> str:
    """The account of an office that may file."""
    return asyncio.run(_registered(system))


async def _registered(system: System) -> str:
    async with place_of(system, await demo.create_officers(system)) as place:
        return await case.registered(place)


@pytest.fixture(autouse=True)
def _no_part_of_a_service_ended(request: pytest.FixtureRequest) -> Iterator[None]:
    """The services are processes of their own: what ended in one although nobody asked for it says its log."""
    if "system" not in request.fixturenames and "watched" not in request.fixturenames:
        yield
        return
    system: System = request.getfixturevalue("system")
    logs = [service.process.log_file for service in system.services.values()]
    before = {log: log.read_text(errors="replace").count(_ENDED) if log.exists() else 0 for log in logs}
    yield
    ended = {log.stem: log.read_text(errors="replace").count(_ENDED) - before[log] for log in logs}
    assert not {name: count for name, count in ended.items() if count > 0}, "see part.ended in their logs"
