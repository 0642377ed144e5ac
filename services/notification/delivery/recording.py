"""Recording of outcomes: many by one transaction, because each would otherwise cost one of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.backoff import backoff
from shared.tasks import contained, end

T = TypeVar("T")

_LONGEST_PAUSE = 1.0


class Recording(Generic[T]):
    """Records outcomes by `write`, `most` at a time, again and again until the database has them: nobody else knows
    them. `failed` gets the number of those that could not be written, and why.

    Outcomes are told apart by what they are, and not by what they say.
    """

    def __init__(
        self,
        write: Callable[[Sequence[T]], Awaitable[None]],
        failed: Callable[[int, Exception], None],
        *,
        most: int,
    ) -> None:
        self._write = write
        self._failed = failed
        self._most = most
        self._task: asyncio.Task[None] | None = None
        self.waiting: list[T] = []

    async def record(self, outcome: T) -> None:
        """Record an outcome, together with all that have come by the time the database is free for it."""
        self.waiting.append(outcome)
        while any(each is outcome for each in self.waiting):
            if self._task is None:
                self._task = asyncio.create_task(self._run(), name="recording of outcomes")  # watched: awaited below
            await asyncio.wait([self._task])

    async def over(self) -> None:
        """Wait until nothing is being recorded."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def end(self, *, seconds: float) -> None:
        """Give up what is not recorded within `seconds` of its cancellation."""
        if self._task is not None:
            await end(self._task, seconds=seconds)

    async def _run(self) -> None:
        """Record what waits. Where that fails, half as many at a time, the others first: an outcome that could never be
        written would hold up itself alone."""
        waits, size = backoff(0.1, _LONGEST_PAUSE), self._most
        try:
            while self.waiting:
                batch = self.waiting[:size]
                try:
                    with contained():
                        await self._write(batch)
                    del self.waiting[: len(batch)]
                    continue
                except Exception as error:
                    self._failed(len(batch), error)
                size = max(len(batch) // 2, 1)
                self.waiting = [*self.waiting[len(batch) :], *batch]
                await asyncio.sleep(next(waits))
        finally:
            self._task = None
