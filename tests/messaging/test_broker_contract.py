"""The contract of a broker: the same for the twin in memory and for the real one."""

import asyncio
from collections.abc import Sequence

from shared.ids import new_id
from shared.messaging import Message, Partition, Received, Source
from shared.messaging.partitioning import index_of
from tests.messaging.support import Bus, Service
from tests.support.waiting import eventually


class Member:
    """Reads everything it is given and commits at the end of each poll."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str]) -> None:
        self.source: Source = bus.maker(group, topics)(self)
        self.assigned: set[Partition] = set()
        self.read: list[Received] = []

    async def on_assigned(self, partitions: Sequence[Partition]) -> None:
        self.assigned |= set(partitions)

    async def on_revoked(self, partitions: Sequence[Partition]) -> None:
        self.assigned -= set(partitions)

    async def read_some(self, max_records: int = 100) -> bool:
        for place in list(self.assigned):
            found = await self.source.poll(place, max_records, 0.2)
            self.read += found
            if found:
                await self.source.commit({place: found[-1].offset + 1})
        return bool(self.read)


def _messages(topic: str, count: int, keys: int) -> list[Message]:
    return [Message(topic, f"key-{n % keys}", str(n).encode(), (("n", str(n).encode()),)) for n in range(count)]


async def test_what_is_acknowledged_is_read_whole_and_in_order_per_key(bus: Bus, service: Service) -> None:
    sent = _messages(service.topic, 300, 7)
    producer, member = bus.producer(), Member(bus, service.topic, [service.topic])
    try:
        await producer.send(sent)
        await member.source.start()

        async def all_read() -> bool:
            await member.read_some()
            return len(member.read) == len(sent)

        await eventually(all_read, 30)
    finally:
        await member.source.stop()
        await producer.stop()
    for key in {message.key for message in sent}:
        expected = [(m.value, m.headers) for m in sent if m.key == key]
        assert [(m.value, m.headers) for m in member.read if m.key == key] == expected
    assert len({(message.key, message.place) for message in member.read}) == 7
    places = {message.key: message.place.number for message in member.read}
    assert places == {key: index_of(key.encode(), bus.partitions) for key in places}
    assert bus.partitions > 1


async def test_poll_gives_no_more_than_asked_for(bus: Bus, service: Service) -> None:
    producer, member = bus.producer(), Member(bus, service.topic, [service.topic])
    try:
        await producer.send(_messages(service.topic, 10, 1))
        await member.source.start()
        await eventually(lambda: member.read_some(max_records=4), 30)
        assert len(member.read) == 4
    finally:
        await member.source.stop()
        await producer.stop()


async def test_next_member_begins_at_what_was_committed(bus: Bus, service: Service) -> None:
    producer = bus.producer()
    first, second = (Member(bus, service.topic, [service.topic]) for _ in range(2))
    try:
        await producer.send(_messages(service.topic, 10, 1))
        await first.source.start()
        await eventually(lambda: first.read_some(max_records=4), 30)
        await first.source.stop()
        await second.source.start()

        async def rest_is_read() -> bool:
            await second.read_some()
            return len(second.read) >= 6

        await eventually(rest_is_read, 30)
    finally:
        await first.source.stop()
        await second.source.stop()
        await producer.stop()
    assert [message.offset for message in first.read + second.read] == list(range(10))


async def test_progress_is_what_is_there_and_what_was_committed(bus: Bus, service: Service) -> None:
    producer, member = bus.producer(), Member(bus, service.topic, [service.topic])
    try:
        await producer.send(_messages(service.topic, 10, 1))
        await member.source.start()
        await eventually(lambda: member.read_some(max_records=4), 30)
        found = await member.source.progress()
    finally:
        await member.source.stop()
        await producer.stop()
    assert len(found) == bus.partitions
    assert sorted((at.end, at.committed, at.lag) for at in found.values()) == [(0, 0, 0), (0, 0, 0), (10, 4, 6)]


async def test_members_share_the_partitions_and_inherit_from_who_leaves(bus: Bus, service: Service) -> None:
    first, second = (Member(bus, service.topic, [service.topic]) for _ in range(2))
    everything = {Partition(service.topic, number) for number in range(bus.partitions)}
    try:
        await first.source.start()
        await eventually(lambda: first.assigned == everything, 30)
        joining = asyncio.create_task(second.source.start())
        await eventually(
            lambda: first.assigned and second.assigned and first.assigned | second.assigned == everything, 30
        )
        assert not first.assigned & second.assigned
        await joining
        await first.source.stop()
        await eventually(lambda: second.assigned == everything, 30)
    finally:
        await first.source.stop()
        await second.source.stop()


async def test_large_message_fits(bus: Bus, service: Service) -> None:
    producer, member = bus.producer(), Member(bus, service.topic, [service.topic])
    big = Message(service.topic, str(new_id()), b"x" * 900_000)
    try:
        await producer.send([big, big])
        await member.source.start()

        async def both_read() -> bool:
            await member.read_some()
            return len(member.read) == 2

        await eventually(both_read, 30)
    finally:
        await member.source.stop()
        await producer.stop()
    assert [message.value for message in member.read] == [big.value, big.value]
