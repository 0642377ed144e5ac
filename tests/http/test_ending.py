"""A port that ends closes no connection under a request, and waits for none without end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.http import create_app, server
from shared.http.limits import ServerLimits
from tests.support.raw import RawAnswer, answer_of, connect, request
from tests.support.waiting import eventually
from tests.support.web import bound_socket, serving

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def ask(connection: Connection) -> RawAnswer:
    connection[1].write(request("GET", "/healthz"))
    answer = await answer_of(connection[0])
    assert answer.status == 200
    return answer


async def is_closed(connection: Connection) -> bool:
    async with asyncio.timeout(30):
        return await connection[0].read() == b""


@asynccontextmanager
async def ending() -> AsyncIterator[tuple[str, list[Connection], asyncio.Task[None]]]:
    """A port that has begun to end, two connections that are kept there, and its end."""
    config = server.config(create_app("t", "1", []), lifespan="off")
    config.load()
    port, ends = bound_socket(), server.Server(config)
    ends.lifespan = config.lifespan_class(config)
    await ends.startup([port])
    url = f"http://127.0.0.1:{port.getsockname()[1]}"
    kept = [await connect(url) for _ in range(2)]
    for each in kept:
        assert "connection" not in (await ask(each)).headers
    end = asyncio.create_task(ends.shutdown([port]))
    await eventually(lambda: ends.server_state.is_ending)
    yield url, kept, end
    await end
    for _, writer in kept:
        writer.close()


async def test_a_request_over_a_kept_connection_is_answered_and_told_that_it_was_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "_LEAVING_SECONDS", 1000)
    async with ending() as (url, (first, second), end):
        for each in (first, await connect(url)):
            assert (await ask(each)).headers["connection"] == "close"
            assert await is_closed(each)
        assert not end.done(), "the second may still be used"
        assert (await ask(second)).headers["connection"] == "close"


async def test_a_connection_that_nobody_uses_is_closed_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LEAVING_SECONDS", 0.1)
    async with ending() as (_, kept, end):
        await end
        assert all([await is_closed(each) for each in kept])


async def test_a_proxy_may_keep_its_connections_for_longer_than_others() -> None:
    app = create_app("t", "1", [], limits=ServerLimits(idle_seconds=0))
    async with serving(app, exempt=["127.0.0.0/8"]) as behind, serving(app) as public:
        of_a_proxy, of_anybody = await connect(behind), await connect(public)
        await ask(of_a_proxy)
        await ask(of_anybody)
        assert await is_closed(of_anybody)
        await ask(of_a_proxy)
        for _, writer in (of_a_proxy, of_anybody):
            writer.close()
