"""The lane of one partition: handles its messages in order and in batches, independently of other partitions."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

import structlog

from shared.backoff import backoff
from shared.messaging.effects import Effects
from shared.messaging.handlers import Item
from shared.messaging.limit import LimitReached
from shared.messaging.message import Partition, Received
from shared.messaging.ports import Source
from shared.messaging.retry import is_transient

log = structlog.get_logger(__name__)

_POLL_SECONDS = 5.0


class _Finishing(Exception):
    """The lane has to finish within a batch: unsettled messages are delivered again."""


class Lane:
    """Polls one partition and handles its messages. `done` is the offset to commit: of the next unsettled message."""

    def __init__(
        self, partition: Partition, source: Source, effects: Effects, batch_size: int, settled: Callable[[], None]
    ) -> None:
        self.partition = partition
        self.done: int | None = None
        self.doing: Literal["polling", "working", "backing off"] = "polling"
        self.task: asyncio.Task[None] | None = None
        self._source = source
        self._effects = effects
        self._batch_size = batch_size
        self._settled = settled
        self.finishing = False

    async def run(self) -> None:
        """Work until `finish`, cancellation, an error of the source or the dead-letter limit."""
        with suppress(_Finishing):
            while not self.finishing:
                self.doing = "polling"
                batch = await self._source.poll(self.partition, self._batch_size, _POLL_SECONDS)
                if not batch:
                    continue
                self.doing = "working"
                await self._handle_batch(batch)
                self._advance(batch[-1].offset + 1)

    async def _handle_batch(self, batch: Sequence[Received]) -> None:
        items = self._effects.open(batch)
        if not items:
            return
        try:
            for item in await self._effects.apply_batch(items):
                await self._settle(item)
        except (LimitReached, _Finishing):
            raise
        except Exception as error:
            # One by one shows which of them failed; the others take effect.
            log.info("consumer.batch_failed", partition=self.partition, size=len(items), error=type(error).__name__)
            for item in items:
                self._advance(item.received.offset)
                await self._settle(item)

    async def _settle(self, item: Item) -> None:
        waits = backoff(0.05, 10.0)
        while not self.finishing:
            try:
                await self._effects.apply_one(item)
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                self.doing = "backing off"
                await asyncio.sleep(next(waits))
                self.doing = "working"
        raise _Finishing

    def _advance(self, offset: int) -> None:
        self.done = offset
        self._settled()

    async def finish(self, grace: float) -> None:
        """End: at once while polling or backing off, after the transaction under way else, or by force after `grace`.

        What is cut off is rolled back and delivered again; the inbox knows what had its effect.
        """
        self.finishing = True
        if self.task is None:
            return
        if self.doing == "working":
            await asyncio.wait([self.task], timeout=grace)
        self.task.cancel()
        await asyncio.wait([self.task])
