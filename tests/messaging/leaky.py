"""A Kafka client that lets cancellations out, as aiokafka does: it awaits a task that it has just cancelled."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import ConsumerRecord

from shared.messaging import Message
from tests.support.parts import leak

Fault = Literal["leaks", "fails", "hangs"]


async def _go_wrong(fault: Fault | None) -> None:
    if fault == "leaks":
        await leak()
    elif fault == "fails":
        raise KafkaConnectionError("as planned")
    elif fault == "hangs":
        await asyncio.Event().wait()


class Cluster:
    """A topic of one partition behind aiokafka's interface. `plan` says which calls of which client go wrong.

    `{"getmany": ["fails"]}`: the first call of `getmany` of all clients together fails, all others go well.
    """

    def __init__(self, topic: str, plan: Mapping[str, Sequence[Fault]] | None = None) -> None:
        self.place = TopicPartition(topic, 0)
        self.plan = {call: list(faults) for call, faults in (plan or {}).items()}
        self.records: list[ConsumerRecord] = []
        self.committed: int | None = None
        self.clients: list[Client] = []
        self.calls: Counter[str] = Counter()
        self.news = asyncio.Event()

    def client(self, **_: Any) -> "Client":
        """In place of the class `AIOKafkaConsumer`."""
        self.clients.append(Client(self))
        return self.clients[-1]

    def put(self, message: Message) -> None:
        offset = len(self.records)
        record = ConsumerRecord(
            *(message.topic, 0, offset, 0, 0, message.key.encode(), message.value, None, 0, 0, message.headers)
        )
        self.records.append(record)
        self.news.set()

    async def reach(self, call: str) -> None:
        """Do what is planned for the next call of that name."""
        self.calls[call] += 1
        planned = self.plan.get(call)
        await _go_wrong(planned.pop(0) if planned else None)


class Connections:
    """The connections that are left of a client when its `stop` failed."""

    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class Client:
    """One client. `stop` goes wrong where `plan["stop"]` says so, before anything is closed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._client = Connections()
        self._position = cluster.committed or 0
        self.listener: Any = None

    @property
    def closed(self) -> bool:
        return self._client.closed

    def subscribe(self, _: Iterable[str], listener: Any) -> None:
        self.listener = listener

    async def start(self) -> None:
        await self._cluster.reach("start")
        await self.listener.on_partitions_assigned([self._cluster.place])

    async def stop(self) -> None:
        await self._cluster.reach("stop")
        await self._client.close()

    async def position(self, _: TopicPartition) -> int:
        return self._position

    async def getmany(self, place: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, Any]:
        await self._cluster.reach("getmany")
        while not (found := self._cluster.records[self._position : self._position + max_records]):
            self._cluster.news.clear()
            await self._cluster.news.wait()
        self._position += len(found)
        return {place: found}

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        await self._cluster.reach("commit")
        self._cluster.committed = offsets[self._cluster.place]

    async def end_offsets(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        await self._cluster.reach("end_offsets")
        return {place: len(self._cluster.records) for place in places}

    async def committed(self, _: TopicPartition) -> int | None:
        return self._cluster.committed

    async def beginning_offsets(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    def assignment(self) -> set[TopicPartition]:
        return {self._cluster.place}

    def highwater(self, _: TopicPartition) -> int:
        return len(self._cluster.records)
