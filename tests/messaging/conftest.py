"""A fresh database with the messaging tables, and a broker: the twin for the quick tests, the real one for the rest."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from shared.db import Database
from shared.ids import new_id
from shared.messaging import KafkaSettings, MemoryBroker, ensure_topics
from tests.messaging.support import Bus, ModelService, Service, create_tables, kafka_bus, memory_bus
from tests.support.parts import Run, running

__all__ = ["Run"]


@pytest_asyncio.fixture(loop_scope="function")
async def database(bare_database: Any) -> Any:
    """A database with outbox, inbox, dead letters and the tables of the tests' small service."""
    await create_tables(bare_database)
    return bare_database


@pytest_asyncio.fixture(loop_scope="function")
async def service_on_postgresql(database: Any) -> AsyncIterator[Service]:
    db = Database(database.url, pool_size=10)
    yield Service(db, f"test.{new_id().hex[-12:]}")
    await db.close()


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Service:
    """The small service with a topic of its own: on PostgreSQL, or as `ON_BOTH_DATABASES` says on the model of it."""
    if getattr(request, "param", "postgresql") == "model":
        return ModelService(f"test.{new_id().hex[-12:]}")
    found: Service = request.getfixturevalue("service_on_postgresql")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of these tests has an event loop of its own: parts that are cut off in the middle end with it.

    And a `service` is on PostgreSQL where the test does not choose the model.
    """
    own = pytest.mark.asyncio(loop_scope="function")
    for item in items:
        if item.path.parent != Path(__file__).parent or not isinstance(item, pytest.Function):
            continue
        if item.get_closest_marker("asyncio"):
            # Before the mark that pytest-asyncio has added: the first one counts.
            item.add_marker(own, append=False)
        chosen = item.callspec.params.get("service") if hasattr(item, "callspec") else None
        if "service" in item.fixturenames and chosen != "model":
            item.add_marker(pytest.mark.server)


@pytest.fixture
def memory() -> MemoryBroker:
    return MemoryBroker(partitions=3)


@pytest_asyncio.fixture(loop_scope="function")
async def kafka(broker: Any, service: Service) -> KafkaSettings:
    """The real broker, on which the topic of the small service was created before anybody sends or reads.

    As `deploy.local.broker` does it, and for the same reason.
    """
    settings = KafkaSettings(broker.bootstrap, idempotence=broker.idempotence, partitions=3)
    await ensure_topics(settings, [service.topic])
    return settings


@pytest.fixture(params=["memory", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.server])])
def bus(request: pytest.FixtureRequest) -> Bus:
    """Each broker in turn: what holds for one must hold for the other."""
    if request.param == "memory":
        return memory_bus(request.getfixturevalue("memory"))
    return kafka_bus(request.getfixturevalue("kafka"))


@pytest.fixture
def run() -> Run:
    """`async with run(part.run()):` runs it in the background; one that ends before the block does fails the test."""
    return running
