"""The broker's twin under faults that Kafka allows: doubles, lost acknowledgements, members that are put out."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from zlib import crc32

from shared.messaging import BrokerError, MakeSource, MemoryBroker, MemoryProducer, MemorySource, Message
from shared.messaging.message import Partition, Received
from shared.messaging.ports import Assignment, Progress
from tests.simulation.process import CURRENT, Process

SESSION_SECONDS = 3.0  # a member that does not answer for so long is put out


class Wire(Protocol):
    """The way to the broker."""

    async def travel(self, label: str) -> None:
        """Take a moment; never come back to a process that was killed."""
        ...

    def chance(self, name: str) -> bool:
        """True where the fault of that name happens now."""
        ...

    def draw(self, below: int) -> int: ...


class SimulatedBroker(MemoryBroker):
    """It deals partitions out in a task of its own, whatever becomes of the member that asked."""

    async def rebalance(self, group: str) -> None:
        task = Process("broker").begin(super().rebalance(group), "rebalance")
        await asyncio.shield(task)


class SimulatedProducer(MemoryProducer):
    """Sends whole batches, parts of them, or whole ones without saying so."""

    def __init__(self, broker: MemoryBroker, wire: Wire) -> None:
        super().__init__(broker)
        self._wire = wire

    async def send(self, messages: Sequence[Message]) -> None:
        await self._wire.travel("send")
        if self._wire.chance("send cut off"):
            # Of each partition a beginning has arrived: it keeps its order.
            lengths: dict[int, int] = {}
            arrived = []
            for message in messages:
                place = crc32(message.key.encode()) % self._broker.partitions
                lengths.setdefault(place, self._wire.draw(len(messages) + 1))
                if lengths[place]:
                    lengths[place] -= 1
                    arrived.append(message)
                else:
                    lengths[place] = 0
            await super().send(arrived)
            raise BrokerError("cut off")
        await super().send(messages)
        await self._wire.travel("sent")
        if self._wire.chance("acknowledgement lost"):
            raise BrokerError("no answer")


class SimulatedSource(MemorySource):
    """A member that can be put out of its group: by a process that does not answer."""

    def __init__(
        self, broker: MemoryBroker, group: str, topics: Iterable[str], assignment: Assignment, wire: Wire
    ) -> None:
        super().__init__(broker, group, topics, assignment)
        process = CURRENT.get()
        assert process is not None
        self.process = process
        self._wire = wire
        self._out = False

    @classmethod
    def making(cls, broker: MemoryBroker, group: str, topics: Iterable[str], wire: Wire) -> MakeSource:
        topics = tuple(topics)
        return lambda assignment: cls(broker, group, topics, assignment, wire)

    async def start(self) -> None:
        await self._wire.travel("join")
        await super().start()
        await self._wire.travel("joined")

    async def stop(self) -> None:
        await self._wire.travel("leave")
        await super().stop()

    async def revoke(self) -> None:
        await self._answered(super().revoke)

    async def assign(self, places: Sequence[Partition]) -> None:
        if not self._out:
            await self._answered(lambda: super(SimulatedSource, self).assign(places))

    async def _answered(self, call: Callable[[], Any]) -> None:
        """Have the member take a call of the broker. One that does not answer in time is put out."""
        if not self.process.alive:
            self.put_out()
            return
        task = self.process.begin(call(), "rebalance of a member")
        await asyncio.wait([task], timeout=SESSION_SECONDS)
        if not task.done():
            self.put_out()
        else:
            task.result()

    def put_out(self) -> None:
        """Put this member out of its group; its partitions are dealt out again."""
        if not self._out:
            self._out = True
            self._positions.clear()
            if self in self._group.members:
                self._group.members.remove(self)
            Process("broker").begin(self._broker.rebalance(self._name), "rebalance")

    async def poll(self, partition: Partition, max_records: int, timeout: float) -> Sequence[Received]:
        self._check()
        found = await super().poll(partition, max_records, timeout)
        await self._wire.travel("polled")
        return found

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        await self._wire.travel("commit offsets")
        self._check()
        if self._wire.chance("offsets refused"):
            raise BrokerError("refused")
        await super().commit(offsets)
        await self._wire.travel("offsets committed")
        if self._wire.chance("acknowledgement lost"):
            raise BrokerError("no answer")

    async def progress(self) -> Mapping[Partition, Progress]:
        await self._wire.travel("progress")
        self._check()
        return await super().progress()

    def _check(self) -> None:
        if self._out:
            raise BrokerError("no member of the group any more")


def expire(broker: SimulatedBroker, group: str, process: Process) -> None:
    """Put out the members of a process that has not answered for long."""
    for member in list(broker._groups[group].members):
        assert isinstance(member, SimulatedSource)
        if member.process is process:
            member.put_out()
