"""Parts under test: run in the background, and not allowed to end before the test ends them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from shared.parts import RESTARTS

Run = Callable[[Coroutine[Any, Any, None]], AbstractAsyncContextManager[asyncio.Task[None]]]


@asynccontextmanager
async def running(coroutine: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run a part in the background; the block's end cancels it and waits for that.

    A part that ended before (returned, raised, or cancelled from inside) fails the test.
    """
    task = asyncio.create_task(coroutine)
    try:
        yield task
    finally:
        early = task.done()
        task.cancel()
        await asyncio.wait([task])
    error = None if task.cancelled() else task.exception()
    if early or error:
        how = "was cancelled" if task.cancelled() else "raised" if error else "returned"
        raise AssertionError(f"the part ended although nobody asked for it: it {how}") from error


def restarts() -> Mapping[tuple[str, str], float]:
    """The number of times that each part of this process ended although nobody asked for it, by part and reason."""
    return {
        (sample.labels["part"], sample.labels["reason"]): sample.value
        for metric in RESTARTS.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }


async def leak() -> None:
    """Raise `CancelledError` in a task that nobody cancelled, as a library does that awaits what it has cancelled."""
    sleeping = asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    sleeping.cancel()
    await sleeping
