"""Alive, ready, and why not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from shared.auth import KeySet, TokenVerifier
from shared.clock import SystemClock
from shared.http import create_app
from shared.http.health import Readiness
from tests.support import tokens


class Database:
    """A dependency that may be away, or hang."""

    def __init__(self) -> None:
        self.state = "there"

    async def ping(self) -> None:
        if self.state == "away":
            raise ConnectionRefusedError("postgresql://role:password@10.0.0.1/db")
        if self.state == "hanging":
            await asyncio.Event().wait()


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async def fine() -> None: ...

    app = create_app("t", "1", [], checks={"database": database.ping, "other": fine})
    app.state.readiness._deadline = 0.05
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as made:
        yield made


async def test_ready_as_long_as_every_check_passes(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": ["database", "other"]})


@pytest.mark.parametrize(("state", "reason"), [("away", "ConnectionRefusedError"), ("hanging", "TimeoutError")])
async def test_not_ready_names_what_fails_and_for_how_long_but_not_where_it_is(
    client: httpx.AsyncClient, database: Database, state: str, reason: str
) -> None:
    database.state = state
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    (failing,) = answer.json()["failing"]
    assert (failing["check"], failing["reason"]) == ("database", reason)
    metrics = (await client.get("/metrics")).text
    assert 'zairyu_readiness_failing{check="database"} 1.0' in metrics
    assert 'zairyu_readiness_failing{check="other"} 0.0' in metrics
    assert failing["for_seconds"] >= 0
    assert "password" not in answer.text
    assert (await client.get("/healthz")).status_code == 200, "alive all the same: a restart would not help"


async def test_the_time_of_failure_counts_from_its_beginning_and_ends_with_it(database: Database) -> None:
    readiness = Readiness({"database": database.ping})
    database.state = "away"
    await readiness.failing()
    began = readiness._failing_since["database"]
    await readiness.failing()
    assert readiness._failing_since["database"] == began
    database.state = "there"
    assert await readiness.failing() == []
    assert readiness._failing_since == {}


async def test_an_application_asks_for_the_keys_of_the_verifier_that_it_has_when_it_starts() -> None:
    asked: list[str] = []

    async def fetch() -> dict[str, Any]:
        asked.append("first")
        return {"keys": []}

    app = create_app("t", "1", [], verifier=TokenVerifier("https://t", KeySet(fetch), SystemClock()))
    app.state.verifier = tokens.verifier()
    async with (
        LifespanManager(app) as manager,
        httpx.AsyncClient(transport=httpx.ASGITransport(manager.app), base_url="http://t") as client,
    ):
        ready = await client.get("/readyz")
    assert (ready.status_code, asked) == (200, [])
