"""Waiting for what other services do: bounded, and naming what was waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deploy.demo.problems import StepFailed

T = TypeVar("T")
# Nobody measures here: on a machine with other work everything may take its time.
PATIENCE = 300.0


async def until(what: str, look: Callable[[], Awaitable[T | None]], seconds: float = PATIENCE) -> T:
    """The first finding of `look`; raises `StepFailed` naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise StepFailed(f"{what} did not happen within {seconds:.0f} seconds: see the logs in .zairyu/demo/run")
        await asyncio.sleep(0.1)
