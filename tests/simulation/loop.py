"""An event loop on simulated time: it never waits, and the same run takes the same steps."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any


class Stuck(AssertionError):
    """Every task waits for another one, and none for time."""


class _Counted(asyncio.Task[Any]):
    """A task whose hash is its number: sets of tasks are gone through in the same order in each run."""

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self._number = number
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Time:
    """In place of the selector: there is no input to wait for, so time jumps to the next thing planned."""

    def __init__(self) -> None:
        self.now = 0.0

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Stuck("every task waits for another one")
        self.now += timeout
        return []


class SimulatedLoop(asyncio.BaseEventLoop):
    """Callbacks run in the order in which they became ready, as asyncio promises; chance comes from the simulated
    servers, which take a drawn time to answer."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Time()
        self._clock_resolution = 1e-9
        numbers = count()
        self.set_task_factory(lambda loop, work, **kwargs: _Counted(work, loop=loop, number=next(numbers), **kwargs))
        self.set_exception_handler(lambda _, context: self.unheard.append(context))
        self.unheard: list[dict[str, Any]] = []

    def time(self) -> float:
        return self._selector.now

    def _process_events(self, events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def run(main: Coroutine[Any, Any, Any], loop: SimulatedLoop) -> Any:
    """The result of `main`; every other task is cancelled at its end."""
    try:
        return loop.run_until_complete(_alone(main))
    finally:
        loop.close()


async def _alone(main: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await main
    finally:
        for _ in range(10):
            others = asyncio.all_tasks() - {asyncio.current_task()}
            if not others:
                break
            for task in sorted(others, key=hash):
                task.cancel()
            await asyncio.wait(others, timeout=100)
