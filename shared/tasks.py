"""Cancellation: requested ones, ones that leak out of a library, and work that must not be cut off.

A `CancelledError` means that somebody cancelled the task that it is raised in; asyncio ends that task without a word,
and a `TaskGroup` passes over it. A library that awaits a task it has just cancelled raises the same error although
nobody asked anything of ours (aio-libs/aiokafka#1154 and its relatives): our task would end unnoticed.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)

_GRACE = 2.0  # seconds to end for work that was cancelled for its time
_given_up: set[asyncio.Task[Any]] = set()


class LeakedCancellation(Exception):
    """A library raised `CancelledError` although nobody had cancelled this task."""


def being_cancelled() -> bool:
    """Whether somebody has cancelled the current task. True as well inside an `asyncio.timeout` that has run out."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextmanager
def contained() -> Iterator[None]:
    """Turn a `CancelledError` that nobody asked for into `LeakedCancellation`; pass on the one that was asked for."""
    try:
        yield
    except asyncio.CancelledError as error:
        if being_cancelled():
            raise
        raise LeakedCancellation("a cancellation that nobody asked for") from error


async def see_through(
    work: Coroutine[Any, Any, Any], *, seconds: float, name: str, grace: float = _GRACE
) -> BaseException | None:
    """Run `work` to its end in a task of its own, even when the caller is cancelled during it; its error.

    None where it went well, `TimeoutError` where it took longer than `seconds`, `LeakedCancellation` where it ended as
    cancelled. Work that does not end `grace` seconds after it was cancelled for its time is given up, and logged.
    Raises nothing but the caller's own cancellation, once the work has ended.
    """
    task = asyncio.create_task(work, name=name)  # watched: awaited below until it has ended
    late = False
    cancelled = None
    for allowed in (seconds, grace):
        cancelled = await _settled(task, allowed) or cancelled
        if task.done():
            break
        late = True
        task.cancel()
    if not task.done():
        log.error("task.given_up", task=name, seconds=seconds)
        _given_up.add(task)
        task.add_done_callback(_given_up.discard)
        task.add_done_callback(_outcome)
    failed = TimeoutError(f"{name} took longer than {seconds} s") if late else _outcome(task)
    if cancelled is not None:
        raise cancelled
    return failed


async def end(task: asyncio.Task[Any], *, seconds: float) -> bool:
    """Cancel `task` and wait until it has ended, again where a library swallowed that; False if it keeps running."""
    for _ in range(3):
        task.cancel()
        await asyncio.wait([task], timeout=seconds / 3)
        if task.done():
            _outcome(task)
            return True
    log.error("task.given_up", task=task.get_name(), seconds=seconds)
    return False


async def _settled(task: asyncio.Task[Any], seconds: float) -> asyncio.CancelledError | None:
    """Wait for `task`, at most `seconds`, even when cancelled; the cancellation of our own that came in that time."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    cancelled = None
    while not task.done() and (left := until - loop.time()) > 0:
        try:
            await asyncio.wait([task], timeout=left)
        except asyncio.CancelledError as error:  # swallowed: the caller raises it once the work has ended
            cancelled = error
    return cancelled


def _outcome(task: asyncio.Task[Any]) -> BaseException | None:
    if task.cancelled():
        return LeakedCancellation(f"{task.get_name()} ended as cancelled")
    return task.exception()
