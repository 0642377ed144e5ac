"""The broker port in memory: partitions, groups, rebalances and committed offsets, for quick tests and drills.

Durable as the process. `down` and `deaf` play the faults that a real broker has.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.messaging.message import Message, Partition, Received
from shared.messaging.partitioning import index_of
from shared.messaging.ports import Assignment, BrokerError, MakeSource, Progress


@dataclass(slots=True)
class _Group:
    committed: dict[Partition, int] = field(default_factory=dict)
    members: list["MemorySource"] = field(default_factory=list)
    rebalancing: asyncio.Lock = field(default_factory=asyncio.Lock)


class MemoryBroker:
    """Topics come into being on first use, with `partitions` partitions each."""

    def __init__(self, partitions: int = 3) -> None:
        self.partitions = partitions
        self.down = False  # refuses every call, like a broker that was killed
        self._logs: defaultdict[Partition, list[Received]] = defaultdict(list)
        self._groups: defaultdict[str, _Group] = defaultdict(_Group)
        self._news = asyncio.Condition()

    def log(self, topic: str) -> list[Received]:
        """Everything in `topic`, partition by partition."""
        return [message for number in range(self.partitions) for message in self._logs[Partition(topic, number)]]

    def committed(self, group: str) -> Mapping[Partition, int]:
        """The committed offsets of `group`."""
        return dict(self._groups[group].committed)

    async def rebalance(self, group: str) -> None:
        """Take all partitions from all members, wait until they have finished, and deal them out again."""
        state = self._groups[group]
        async with state.rebalancing:
            for member in list(state.members):  # one may leave meanwhile, and none may be passed over
                await member.revoke()
            members = list(state.members)
            topics = sorted({topic for member in members for topic in member.topics})
            places = [Partition(topic, number) for topic in topics for number in range(self.partitions)]
            shares: dict[int, list[Partition]] = defaultdict(list)
            for turn, place in enumerate(places):
                takers = [i for i, member in enumerate(members) if place.topic in member.topics]
                shares[takers[turn % len(takers)]].append(place)
            for i, member in enumerate(members):
                await member.assign(shares[i])

    def check(self) -> None:
        if self.down:
            raise BrokerError("the broker is down")


class MemoryProducer:
    """Appends to the broker's logs."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def send(self, messages: Sequence[Message]) -> None:
        broker = self._broker
        broker.check()
        for m in messages:
            place = Partition(m.topic, index_of(m.key.encode(), broker.partitions))
            log = broker._logs[place]
            log.append(Received(m.topic, m.key, m.value, m.headers, partition=place.number, offset=len(log)))
        async with broker._news:
            broker._news.notify_all()

    async def stop(self) -> None:
        pass


class MemorySource:
    """One member of a group. `deaf` makes it one that polls for ever and never gets anything (aiokafka#1154)."""

    def __init__(self, broker: MemoryBroker, group: str, topics: Iterable[str], assignment: Assignment) -> None:
        self.topics = frozenset(topics)
        self.deaf = False
        self._broker = broker
        self._name = group
        self._assignment = assignment
        self._group = broker._groups[group]
        self._positions: dict[Partition, int] = {}

    @classmethod
    def maker(cls, broker: MemoryBroker, group: str, topics: Iterable[str]) -> MakeSource:
        topics = tuple(topics)
        return lambda assignment: cls(broker, group, topics, assignment)

    async def start(self) -> None:
        self._broker.check()
        self._group.members.append(self)
        await self._broker.rebalance(self._name)

    async def stop(self) -> None:
        self._positions.clear()
        if self in self._group.members:
            self._group.members.remove(self)
            await self._broker.rebalance(self._name)

    async def revoke(self) -> None:
        if self._positions:
            await self._assignment.on_revoked(list(self._positions))
            self._positions.clear()

    async def assign(self, places: Sequence[Partition]) -> None:
        self._positions = {place: self._group.committed.get(place, 0) for place in places}
        await self._assignment.on_assigned(places)

    async def poll(self, partition: Partition, max_records: int, timeout: float) -> Sequence[Received]:
        try:
            async with asyncio.timeout(timeout), self._broker._news:
                while True:
                    self._broker.check()
                    found = self._next(partition, max_records)
                    if found:
                        return found
                    await self._broker._news.wait()
        except TimeoutError:
            return ()

    def _next(self, partition: Partition, max_records: int) -> Sequence[Received]:
        if self.deaf or partition not in self._positions:
            return ()
        position = self._positions[partition]
        found = self._broker._logs[partition][position : position + max_records]
        self._positions[partition] = position + len(found)
        return found

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        self._broker.check()
        if not offsets.keys() <= self._positions.keys():
            raise BrokerError("commit refused: not this member's partition")
        self._group.committed.update(offsets)

    async def progress(self) -> Mapping[Partition, Progress]:
        self._broker.check()
        places = self._positions or [Partition(t, n) for t in self.topics for n in range(self._broker.partitions)]
        return {p: Progress(len(self._broker._logs[p]), self._group.committed.get(p, 0)) for p in places}
