"""Limits of one gateway and of several together: one suite for both, and what happens while the server is away."""

import os
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from services.gateway.edge.rates import WINDOW_SECONDS, RateLimited
from services.gateway.edge.shared_rates import FAILED, LimitStore, OwnWindow, Window
from services.gateway.settings import Settings
from shared.ids import new_id
from tests.gateway.conftest import site
from tests.support.web import free_port

MISSING = "no valkey-server or redis-server on this machine (Debian: apt-get install valkey-server or redis-server)"
_WHERE = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey or Redis server in memory, for this file."""
    program = shutil.which("valkey-server", path=_WHERE) or shutil.which("redis-server", path=_WHERE)
    if program is None:
        pytest.skip(MISSING)
    port, directory = free_port(), tmp_path_factory.mktemp("valkey")
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory))
    with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            ready = any("Ready to accept connections" in line for line in server.stdout)
            assert ready, "the server did not start"
            yield f"valkey://127.0.0.1:{port}/0"
        finally:
            server.terminate()


Windows = Callable[[int], Window]


@pytest.fixture(params=["own", pytest.param("shared", marks=pytest.mark.server)])
async def windows(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Time, Windows]]:
    """Makes windows with other callers than any other test's, and the time that they see."""
    time = Time()
    if request.param == "own":
        yield time, lambda limit: OwnWindow(limit, now=time)
        return
    store = LimitStore(request.getfixturevalue("store_url"), now=time)
    name = str(new_id())
    yield time, lambda limit: store.window(name, limit)
    await store.close()


async def admitted(window: Window, caller: str = "a") -> bool:
    try:
        await window.admit(caller)
    except RateLimited:
        return False
    return True


async def test_no_rhythm_within_the_limit_is_ever_refused(windows: tuple[Time, Windows]) -> None:
    time, window_of = windows
    chance, limit, sent = random.Random(7), 10, list[float]()
    window = window_of(limit)
    for _ in range(300):
        time.now += chance.expovariate(limit / 40)
        sent = [at for at in sent if time.now - at < WINDOW_SECONDS]
        if len(sent) < limit:
            assert await admitted(window)
            sent.append(time.now)


async def test_a_burst_is_refused_with_the_time_to_wait_and_refusals_do_not_count(
    windows: tuple[Time, Windows],
) -> None:
    time, window_of = windows
    window = window_of(5)
    assert [await admitted(window) for _ in range(7)] == [True] * 5 + [False] * 2
    assert await admitted(window, "somebody else")
    time.now += 30
    with pytest.raises(RateLimited) as refused:
        await window.admit("a")
    assert refused.value.headers["Retry-After"] == "30"
    time.now += 30
    assert await admitted(window)


@pytest.mark.server
async def test_two_gateways_count_together_by_the_time_of_the_server(store_url: str) -> None:
    async with AsyncExitStack() as stack:
        gateways = [
            await stack.enter_async_context(site(limits_url=store_url, sign_ins_per_minute=3)) for _ in range(2)
        ]
        statuses = []
        for number in range(5):
            gateway = gateways[number % 2]
            answer = await gateway.browser.post("/session/passkey/options", headers={"Origin": gateway.url})
            statuses.append(answer.status_code)
        assert statuses == [200, 200, 200, 429, 429]


async def test_while_the_server_is_away_each_gateway_counts_for_its_own() -> None:
    counted = FAILED._value.get()
    async with site(limits_url="valkey://127.0.0.1:1/0", sign_ins_per_minute=3) as gateway:
        headers = {"Origin": gateway.url}
        answers = [await gateway.browser.post("/session/passkey/options", headers=headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert FAILED._value.get() >= counted + 4


@pytest.mark.parametrize("url", ["127.0.0.1:6379", "http://127.0.0.1"])
def test_an_address_of_something_else_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="valkey://"):
        Settings(limits_url=url)
