"""A part that ends unasked is logged, counted and started again; until then the process is not ready."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from asgi_lifespan import LifespanManager
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.parts import Part, PartNotRunning, keep_running
from shared.service import Runtime, assemble
from shared.settings import ServiceSettings
from tests.support import keys, tokens
from tests.support.parts import leak, restarts
from tests.support.waiting import eventually

AT_ONCE, NEVER = (0.0, 0.0), (1e9, 1e9)


class Broken(BaseException):
    """Not an `Exception`, as some libraries have them."""


async def _returns() -> None: ...


async def _raises() -> None:
    raise ValueError("bug")


async def _raises_no_exception() -> None:
    raise Broken


async def _cancels_itself() -> None:
    task = asyncio.current_task()
    assert task
    task.cancel()
    await asyncio.sleep(0)


class Ending:
    """Ends its first `times` runs in some way, then runs for good."""

    def __init__(self, end: Callable[[], Awaitable[None]], times: int) -> None:
        self._end = end
        self._left = times
        self.runs = 0

    async def run(self) -> None:
        self.runs += 1
        if self._left:
            self._left -= 1
            await self._end()
            return
        await asyncio.Event().wait()


ENDS = pytest.mark.parametrize(
    ("end", "reason"),
    [
        (_returns, "returned"),
        (_raises, "ValueError"),
        (_raises_no_exception, "Broken"),
        (_cancels_itself, "cancelled"),
        (leak, "cancelled"),
    ],
)


@ENDS
@pytest.mark.parts_end
async def test_part_that_ended_is_logged_with_its_stack_counted_and_started_again(
    end: Callable[[], Awaitable[None]], reason: str
) -> None:
    """[faults 36]"""
    name = f"again-{end.__name__}"
    ending = Ending(end, times=3)
    part = Part(name, ending.run, pauses=AT_ONCE)
    with capture_logs() as logs:
        async with keep_running(part):
            await eventually(lambda: ending.runs == 4 and part.running)
            await part.check()
            assert _running(name) == 1
    assert _running(name) == 0
    logged = [line for line in logs if line["event"] == "part.ended"]
    assert [(line["part"], line["reason"]) for line in logged] == [(name, reason)] * 3
    if reason != "returned":
        assert all(line["exc_info"].__traceback__ for line in logged)
    assert restarts()[(name, reason)] == 3


@ENDS
@pytest.mark.parts_end
async def test_process_is_not_ready_while_a_part_is_down(end: Callable[[], Awaitable[None]], reason: str) -> None:
    """[faults 36] Readiness asks the task."""
    name = f"down-{end.__name__}"
    part = Part(name, Ending(end, times=1).run, pauses=NEVER)
    async with keep_running(part):
        await eventually(lambda: not part.running)
        with pytest.raises(PartNotRunning):
            await part.check()
        await eventually(lambda: _running(name) == 0)


async def test_part_that_says_it_cannot_work_is_not_ready() -> None:
    part = Part("unhealthy", Ending(_returns, times=0).run, healthy=lambda: False)
    async with keep_running(part):
        with pytest.raises(PartNotRunning):
            await part.check()


async def test_part_that_swallows_its_cancellation_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """[faults 36] A client's `stop` swallows the cancellation of who awaits it; the process must end all the same."""
    swallowed = ended = 0

    async def run() -> None:
        nonlocal swallowed, ended
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed += 1
        try:
            await asyncio.Event().wait()
        finally:
            ended += 1

    monkeypatch.setattr("shared.parts._STOP_SECONDS", 0.03)
    async with keep_running(Part("stubborn", run)):
        await asyncio.sleep(0)
    assert (swallowed, ended) == (1, 1)


@ENDS
@pytest.mark.parts_end
async def test_readyz_names_the_part_of_a_service_that_ended(
    end: Callable[[], Awaitable[None]], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[faults 36] A loop of a service's own, as the sender of notification is."""
    monkeypatch.setattr("shared.parts._FIRST_PAUSE", 1e9)
    settings = ServiceSettings.model_validate(
        {"database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/nowhere", **keys.secrets("test"), "parts": "api,jobs"}
    )
    ending = Ending(end, times=1)
    runtime = Runtime("test", settings, verifier=tokens.verifier())
    app = assemble(runtime, title="t", version="1", routers=[], background={"letters": ending.run})
    async with (
        LifespanManager(app) as manager,
        httpx.AsyncClient(transport=httpx.ASGITransport(manager.app), base_url="http://t") as client,
    ):

        async def named() -> bool:
            answer = await client.get("/readyz")
            assert answer.status_code == 503, "there is no database here"
            return ("letters", "PartNotRunning") in [
                (each["check"], each["reason"]) for each in answer.json()["failing"]
            ]

        await eventually(named)


def _running(name: str) -> float | None:
    return REGISTRY.get_sample_value("zairyu_part_running", {"part": name})
