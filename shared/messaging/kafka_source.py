"""The consumer's port on Kafka."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.structs import ConsumerRecord

from shared.messaging.kafka import REQUEST_TIMEOUT_MS, KafkaSettings, as_broker_error, ensure_topics, stop_client
from shared.messaging.message import Partition, Received
from shared.messaging.ports import Assignment, BrokerError, MakeSource, Progress

log = structlog.get_logger(__name__)

# Debezium's router, in place of the relay, can put the `headers` column into one header of this name.
_PACKED_HEADERS = "outbox-headers"


class KafkaSource(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka publishes no types
    """One member of a group, reading from the earliest message it has not committed."""

    def __init__(self, settings: KafkaSettings, group: str, topics: Iterable[str], assignment: Assignment) -> None:
        self._settings = settings
        self._group = group
        self._topics = sorted(topics)
        self._assignment = assignment
        self._client: AIOKafkaConsumer | None = None
        # Partitions in which a message cannot be read: one by one up to that.
        self._careful: set[TopicPartition] = set()

    @classmethod
    def maker(cls, settings: KafkaSettings, group: str, topics: Iterable[str]) -> MakeSource:
        """A factory for a `Consumer`: makes a fresh member of `group` each time."""
        topics = tuple(topics)
        return lambda assignment: cls(settings, group, topics, assignment)

    async def start(self) -> None:
        await ensure_topics(self._settings, self._topics)
        self._client = AIOKafkaConsumer(
            **self._settings.connection(),
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            rebalance_timeout_ms=30_000,
            # Long outages of the database are not a reason to leave; the watchdog looks after true stalls.
            max_poll_interval_ms=24 * 3600 * 1000,
            request_timeout_ms=REQUEST_TIMEOUT_MS * 2,
            metadata_max_age_ms=5_000,
            fetch_max_wait_ms=250,
        )
        self._client.subscribe(self._topics, listener=self)
        with as_broker_error(f"joining {self._group}"):
            await self._client.start()

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await stop_client(client)

    async def poll(self, partition: Partition, max_records: int, timeout: float) -> Sequence[Received]:
        client = self._member()
        place = TopicPartition(*partition)
        with as_broker_error("polling"):
            begin = await client.position(place)
            count = 1 if place in self._careful else max_records
            try:
                found = await client.getmany(place, timeout_ms=int(timeout * 1000), max_records=count)
            except UnicodeDecodeError as error:
                return self._pass_over(client, place, begin, error)
        return [_received(record) for record in found.get(place, ())]

    def _pass_over(
        self, client: AIOKafkaConsumer, place: TopicPartition, begin: int, error: UnicodeDecodeError
    ) -> Sequence[Received]:
        """A header's name is no text: no client writes that, a stranger may, and aiokafka reads no more of its batch.

        What is before it is read first, one by one; then the batch is passed over, which one producer sent as a whole.
        An empty message in its last place stands for it, to be refused as any other that nobody signed.
        """
        if place not in self._careful:
            self._careful.add(place)
            client.seek(place, begin)
            return ()
        self._careful.discard(place)
        end = max(begin + 1, _end_of_batch(error) or 0)
        log.error("consumer.batch_skipped", group=self._group, topic=place.topic, offset=begin, end=end)
        client.seek(place, end)
        return [Received(place.topic, "", b"", (), partition=place.partition, offset=end - 1)]

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        client = self._member()
        with as_broker_error("committing"):
            await client.commit({TopicPartition(*place): offset for place, offset in offsets.items()})

    async def progress(self) -> Mapping[Partition, Progress]:
        client = self._member()
        with as_broker_error("asking for offsets"):
            places = list(client.assignment()) or [
                TopicPartition(topic, number)
                for topic in self._topics
                for number in client.partitions_for_topic(topic) or ()
            ]
            listed = await client.end_offsets(places)
            # The local stack's broker lists the first offset of the last batch plus one; fetches tell the true end.
            ends = {place: max(listed[place], _fetched_end(client, place)) for place in places}
            committed = dict(zip(places, await asyncio.gather(*map(client.committed, places)), strict=True))
            unknown = [place for place in places if committed[place] is None and ends[place]]
            # Messages that retention removed before the group began are nothing to wait for.
            begins = await client.beginning_offsets(unknown) if unknown else {}
        return {
            Partition(place.topic, place.partition): Progress(
                ends[place], committed[place] if committed[place] is not None else begins.get(place, 0)
            )
            for place in places
        }

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._assignment.on_assigned([Partition(*place) for place in assigned])

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        await self._assignment.on_revoked([Partition(*place) for place in revoked])

    def _member(self) -> AIOKafkaConsumer:
        if self._client is None:
            raise BrokerError("not a member of the group: start first")
        return self._client


def _end_of_batch(error: UnicodeDecodeError) -> int | None:
    """The offset after the batch in which aiokafka's fetcher failed: of all that knows it, only its frame is left."""
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_name == "_unpack_records":
            batch = frame.tb_frame.f_locals.get("next_batch")
            return getattr(batch, "next_offset", None)
        frame = frame.tb_next
    return None


def _fetched_end(client: AIOKafkaConsumer, place: TopicPartition) -> int:
    return (client.highwater(place) or 0) if place in client.assignment() else 0


def _received(record: ConsumerRecord) -> Received:
    headers = tuple([(name, value or b"") for name, value in record.headers])
    packed = dict(headers).get(_PACKED_HEADERS)
    if packed is not None:
        with suppress(ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # Anybody may have sent it: names are texts, or it is no such header.
            headers = tuple((row[0].encode().decode(), row[1].encode()) for row in json.loads(packed))
    return Received(
        topic=record.topic,
        # NUL is the one character PostgreSQL's text cannot hold.
        key=(record.key or b"").decode(errors="backslashreplace").replace("\0", "\\x00"),
        value=record.value or b"",
        headers=headers,
        partition=record.partition,
        offset=record.offset,
    )
