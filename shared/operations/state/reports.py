"""Reports: a process says every ten seconds what it is, for as long as it runs, and takes that away at its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic

from shared.parts import Part, keep_running
from shared.tasks import LeakedCancellation, contained

# A part that has just been started may not be what it will be.
_FIRST_SECONDS = 1.0
_EVERY_SECONDS = 10.0
_REPORT_SECONDS = 5.0
# Three reports.
SILENT = timedelta(seconds=30)
GONE = timedelta(minutes=2)

Step = Callable[[], Awaitable[object]]


async def _nothing() -> None:
    pass


@asynccontextmanager
async def reporting(
    keep: Step, leave: Step, passing: tuple[type[Exception], ...], *, look: Step = _nothing
) -> AsyncIterator[None]:
    """Have `keep` put a report of this process away again and again for as long as the block lasts, each time after a
    `look`; at the end `leave` takes it away. What is `passing` is of no account: the next report may succeed, and what
    is missing goes by itself."""
    passing = (*passing, OSError, LeakedCancellation)

    async def keep_reporting() -> None:
        await asyncio.sleep(_FIRST_SECONDS)
        while True:
            began = monotonic()
            await look()
            with suppress(*passing), contained():
                async with asyncio.timeout(_REPORT_SECONDS):
                    await keep()
            # What is slow makes looks and reports slow, and not rarer.
            await asyncio.sleep(max(_FIRST_SECONDS, _EVERY_SECONDS - (monotonic() - began)))

    async with keep_running(Part("reports", keep_reporting)):
        yield
    with suppress(*passing):
        async with asyncio.timeout(_REPORT_SECONDS):
            await leave()
