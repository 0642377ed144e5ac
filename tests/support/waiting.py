"""Waiting for a condition instead of for a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(check: Callable[[], Awaitable[T]], timeout: float = 20) -> T: ...
@overload
async def eventually(check: Callable[[], T], timeout: float = 20) -> T: ...
async def eventually(check: Callable[[], Any], timeout: float = 20) -> Any:
    """Return the first truthy value of `check` (plain or async), which may also assert.

    A false value or an `AssertionError` means "not yet"; every other error passes through at once. After
    `timeout` seconds the last `AssertionError`, or one that shows the last value, is raised.
    """
    deadline = time.monotonic() + timeout
    pause = 0.005
    while True:
        failure: AssertionError | None = None
        try:
            answer = check()
            value = await answer if inspect.isawaitable(answer) else answer
        except AssertionError as error:
            failure = error
        else:
            if value:
                return value
        if time.monotonic() > deadline:
            raise failure or AssertionError(f"still {value!r} after {timeout} s: {_name(check)}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.1)


async def reached(count: Callable[[], Awaitable[int]], wanted: int, patience: float = 90) -> None:
    """Wait until `count` gives `wanted` or more, however long, as long as it grows.

    A busy machine is slow and has not failed; `AssertionError` after `patience` seconds in which the count stood still.
    """
    most, since, pause = -1, time.monotonic(), 0.005
    while (now := await count()) < wanted:
        if now > most:
            most, since = now, time.monotonic()
        assert time.monotonic() - since <= patience, f"still {now} of {wanted} after {patience} s: {_name(count)}"
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _name(check: Callable[[], object]) -> str:
    return getattr(check, "__qualname__", repr(check))
