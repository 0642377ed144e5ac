"""Parts: what a process keeps running beside HTTP (relay, consumer, jobs, loops in the background).

A part runs until the process ends. One that ends before, in whatever way, is a bug of ours or of a library: it is
logged with its stack, counted, started again with back-off, and until then the process is not ready.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from prometheus_client import Counter, Gauge

from shared.backoff import backoff
from shared.errors import Unavailable
from shared.tasks import end, see_through

log = structlog.get_logger(__name__)
RESTARTS = Counter(
    "zairyu_part_restarts_total",
    "Parts that ended although nobody asked for it: `returned`, `cancelled` or the type of the error",
    ["part", "reason"],
)
RUNNING = Gauge("zairyu_part_running", "1 while the part runs, 0 while it waits to be started again", ["part"])

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_HELD = 60.0  # seconds after which the next pause is a short one again
_STOP_SECONDS = 45.0  # a consumer commits, finishes its lanes and leaves its group


class PartNotRunning(Unavailable):
    """A part of this process does not run, or cannot work."""

    code = "part-not-running"


class Part:
    """One part: `run` is called again each time it ends. `healthy` is its own report while it runs."""

    def __init__(
        self,
        name: str,
        run: Callable[[], Coroutine[Any, Any, None]],
        *,
        healthy: Callable[[], bool] = lambda: True,
        pauses: tuple[float, float] | None = None,
    ) -> None:
        self.name = name
        self._run = run
        self._healthy = healthy
        self._pauses = pauses or (_FIRST_PAUSE, _LONGEST_PAUSE)
        self._task: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while its task runs, and the one that would start it again."""
        return all(task is not None and not task.done() for task in (self._task, self._keeper))

    async def check(self) -> None:
        """The readiness check. Raises `PartNotRunning`."""
        if not self.running or not self._healthy():
            raise PartNotRunning(code=f"{self.name}-not-running")

    def start(self) -> None:
        """Run it from now on."""
        self._begin()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper of {self.name}")  # watched: by `running`

    async def stop(self) -> None:
        """End it; returns when it has ended, in bounded time."""
        for task in (self._keeper, self._task):
            if task is not None:
                await end(task, seconds=_STOP_SECONDS)
        RUNNING.labels(self.name).set(0)

    def _begin(self) -> asyncio.Task[None]:
        self._task = asyncio.create_task(self._once(), name=f"part {self.name}")  # watched: by `_keep`
        RUNNING.labels(self.name).set(1)
        return self._task

    async def _once(self) -> None:
        await self._run()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pauses = backoff(*self._pauses)
        while self._task is not None:
            began = loop.time()
            await asyncio.wait([self._task])
            RUNNING.labels(self.name).set(0)
            self._report(self._task)
            if loop.time() - began > _HELD:
                pauses = backoff(*self._pauses)
            await asyncio.sleep(next(pauses))
            self._begin()

    def _report(self, task: asyncio.Task[None]) -> None:
        error: BaseException | None = None
        try:
            task.result()
        except asyncio.CancelledError as cancelled:  # swallowed: it is the part's, not ours, and it has ended
            reason, error = "cancelled", cancelled
        except BaseException as raised:  # swallowed: logged below
            reason, error = type(raised).__name__, raised
        else:
            reason = "returned"
        RESTARTS.labels(self.name, reason).inc()
        log.error("part.ended", part=self.name, reason=reason, exc_info=error)


@asynccontextmanager
async def keep_running(*parts: Part) -> AsyncIterator[None]:
    """Run `parts` for as long as the block lasts, and end them side by side."""
    for part in parts:
        part.start()
    try:
        yield
    finally:
        await see_through(_stop(parts), seconds=2 * _STOP_SECONDS + 5, name="stopping of the parts")


async def _stop(parts: tuple[Part, ...]) -> None:
    await asyncio.gather(*(part.stop() for part in parts))
