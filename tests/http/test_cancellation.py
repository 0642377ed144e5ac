"""A caller who goes away costs no database connection (real uvicorn, real PostgreSQL)."""

import asyncio
import random
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from shared.auth import public
from shared.db import Database
from shared.http import create_app
from tests.infra.databases import TestDatabase
from tests.support.waiting import eventually
from tests.support.web import serving

REQUESTS = 1000
POOL = 5


@pytest.fixture
async def database(bare_database: TestDatabase) -> AsyncIterator[Database]:
    made = Database(bare_database.url, pool_size=POOL)
    yield made
    await made.close()


def build(database: Database) -> FastAPI:
    router = APIRouter(dependencies=[public])

    @router.get("/write")
    async def write() -> str:
        async with database.transaction() as session:
            await session.execute(text("SELECT pg_sleep(0.002)"))
            await session.execute(text("SELECT 1"))
        return "done"

    @router.get("/read")
    async def read() -> str:
        async with database.read() as session:
            await session.execute(text("SELECT pg_sleep(0.002)"))
        return "done"

    return create_app("t", "1", [router], checks={"database": database.ping})


async def _all_connections_work(database: Database) -> None:
    await eventually(lambda: database.pool().in_use == 0)
    together = asyncio.Barrier(POOL)

    async def use() -> None:
        async with database.connection() as connection:
            await together.wait()
            await connection.execute(text("SELECT 1"))

    async with asyncio.timeout(20):
        await asyncio.gather(*(use() for _ in range(POOL)))
    assert database.pool().in_use == 0


async def test_a_thousand_callers_who_hang_up_leave_the_pool_full(database: Database) -> None:
    chance = random.Random(1)
    async with serving(build(database)) as url:
        port = int(url.rsplit(":", 1)[1])

        async def hang_up(number: int) -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            path = "write" if number % 2 else "read"
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
            await writer.drain()
            for _ in range(chance.randrange(20)):
                await asyncio.sleep(0)
            writer.transport.abort()

        for start in range(0, REQUESTS, 50):
            await asyncio.gather(*(hang_up(number) for number in range(start, start + 50)))
        await _all_connections_work(database)
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/write")).json() == "done"
            assert (await client.get("/readyz")).status_code == 200


async def test_a_thousand_requests_cancelled_by_the_server_leave_the_pool_full(database: Database) -> None:
    # What a shutdown or a time limit does: the task itself is cancelled, at any of its awaits.
    chance = random.Random(2)
    app = build(database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:

        async def cancel(number: int) -> bool:
            task = asyncio.create_task(client.get("/write" if number % 2 else "/read"))
            for _ in range(chance.randrange(60)):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            return task.cancelled()

        cancelled = 0
        for start in range(0, REQUESTS, 20):
            cancelled += sum(await asyncio.gather(*(cancel(number) for number in range(start, start + 20))))
        assert cancelled > REQUESTS / 2
        await _all_connections_work(database)
        assert (await client.get("/write")).json() == "done"
