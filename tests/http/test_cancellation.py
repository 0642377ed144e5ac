"""A caller who goes away costs no database connection (real uvicorn, real PostgreSQL)."""

import asyncio
import gc
import random
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared.auth import public
from shared.db import Database
from shared.http import create_app
from shared.outgoing import http_client
from tests.infra.databases import TestDatabase
from tests.support.waiting import eventually
from tests.support.web import serving

REQUESTS = 1000
POOL = 5


@pytest.fixture
def warned() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        yield recorded


@pytest.fixture
async def database(bare_database: TestDatabase) -> AsyncIterator[Database]:
    made = Database(bare_database.url, pool_size=POOL)
    yield made
    await made.close()


STAGES = ("before", "inside", "statement", "elsewhere", "end")


class Plan:
    """At which stage each request is cancelled."""

    def __init__(self) -> None:
        self._reached: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._released: dict[int, asyncio.Event] = defaultdict(asyncio.Event)

    def reach(self, number: int, stage: str) -> None:
        if STAGES[number % len(STAGES)] == stage:
            self._reached[number].set()

    async def wait_elsewhere(self, number: int) -> None:
        """A route that waits for another server while its transaction is open."""
        self.reach(number, "elsewhere")
        if STAGES[number % len(STAGES)] == "elsewhere":
            await self._released[number].wait()

    def release(self, number: int) -> None:
        self._released[number].set()

    async def moment(self, number: int) -> None:
        async with asyncio.timeout(30):  # a request that never gets there waits for a lost connection
            await self._reached[number].wait()


def build(database: Database, plan: Plan) -> FastAPI:
    router = APIRouter(dependencies=[public])

    @router.get("/write/{number}")
    async def write(number: int) -> str:
        plan.reach(number, "before")
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            plan.reach(number, "inside")
            await session.execute(text("SELECT 1"))
            plan.reach(number, "statement")
            await session.execute(text("SELECT pg_sleep(0.005)"))
            await plan.wait_elsewhere(number)
            plan.reach(number, "end")
        return "done"

    @router.get("/read/{number}")
    async def read(number: int) -> str:
        plan.reach(number, "before")
        async with database.read() as session:
            plan.reach(number, "inside")
            await session.execute(text("SELECT 1"))
            plan.reach(number, "statement")
            await session.execute(text("SELECT pg_sleep(0.005)"))
            await plan.wait_elsewhere(number)
            plan.reach(number, "end")
        return "done"

    return create_app("t", "1", [router], checks={"database": database.ping})


def path(number: int) -> str:
    return f"/{'write' if number % 10 < 5 else 'read'}/{number}"


async def _all_connections_work(database: Database, warned: list[warnings.WarningMessage]) -> None:
    await eventually(lambda: database.pool().in_use == 0)
    # A lost connection comes back too, but only when Python's memory management happens to find it.
    gc.collect()
    assert [str(warning.message) for warning in warned if "non-checked-in connection" in str(warning.message)] == []
    together = asyncio.Barrier(POOL)

    async def use() -> None:
        async with database.connection() as connection:
            await together.wait()
            await connection.execute(text("SELECT 1"))
            assert REGISTRY.get_sample_value("zairyu_database_connections_in_use") == POOL
            await together.wait()

    database.measure()
    assert REGISTRY.get_sample_value("zairyu_database_connections") == POOL
    async with asyncio.timeout(20):
        await asyncio.gather(*(use() for _ in range(POOL)))
    assert database.pool().in_use == 0


async def test_a_thousand_callers_who_hang_up_leave_the_pool_full(
    database: Database, warned: list[warnings.WarningMessage]
) -> None:
    plan = Plan()
    async with serving(build(database, plan)) as url:
        port = int(url.rsplit(":", 1)[1])

        async def hang_up(number: int) -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path(number)} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
            await plan.moment(number)
            writer.transport.abort()
            plan.release(number)

        for start in range(0, REQUESTS, 50):
            await asyncio.gather(*(hang_up(number) for number in range(start, start + 50)))
        await _all_connections_work(database, warned)
        async with http_client(base_url=url) as client:
            assert (await client.get("/write/0")).json() == "done"
            assert (await client.get("/readyz")).status_code == 200


async def test_a_thousand_requests_cancelled_by_the_server_leave_the_pool_full(
    database: Database, warned: list[warnings.WarningMessage]
) -> None:
    # What a shutdown or a time limit does: the task itself is cancelled.
    chance = random.Random(2)
    plan = Plan()
    transport = httpx.ASGITransport(build(database, plan))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:

        async def cancel(number: int) -> bool:
            task = asyncio.create_task(client.get(path(number)))
            await plan.moment(number)
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            # Again and again, as cancel scopes do: what cleans up is cancelled as well.
            while not task.done():
                task.cancel()
                await asyncio.sleep(0)
            return task.cancelled()

        cancelled = 0
        for start in range(0, REQUESTS, 20):
            cancelled += sum(await asyncio.gather(*(cancel(number) for number in range(start, start + 20))))
        assert cancelled > REQUESTS * 0.9
        await _all_connections_work(database, warned)
        assert (await client.get("/write/0")).json() == "done"
