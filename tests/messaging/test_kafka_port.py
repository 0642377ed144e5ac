"""The ports on Kafka by themselves: what they make of a client's answers, without a broker."""

import json
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, NodeNotReadyError

from shared.messaging import (
    BrokerError,
    KafkaProducer,
    KafkaSettings,
    KafkaSource,
    Message,
    kafka,
    kafka_producer,
    kafka_source,
)
from shared.messaging.kafka_source import _end_of_batch, _received
from shared.messaging.message import Partition
from shared.messaging.ports import Progress
from tests.support.parts import leak

SETTINGS = KafkaSettings("127.0.0.1:1", partitions=3)
PLACE, OTHER = TopicPartition("a.events", 0), TopicPartition("a.events", 1)


def test_a_client_is_made_for_a_broker_with_or_without_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "create_ssl_context", lambda cafile: f"trusts {cafile}")
    assert SETTINGS.connection() == {"bootstrap_servers": "127.0.0.1:1", "security_protocol": "PLAINTEXT"}
    user: dict[str, Any] = {"username": "u", "password": "p"}
    assert KafkaSettings("b", **user).connection() == {
        "bootstrap_servers": "b",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "u",
        "sasl_plain_password": "p",
    }
    tls = KafkaSettings("b", tls=True, ca_file="ca.pem").connection()
    assert (tls["security_protocol"], tls["ssl_context"]) == ("SSL", "trusts ca.pem")
    assert KafkaSettings("b", tls=True, **user).connection()["security_protocol"] == "SASL_SSL"
    assert "secret" not in repr(KafkaSettings("b", username="u", password="secret"))


@pytest.mark.parametrize("error", [NodeNotReadyError(), OSError("no route")])
def test_errors_of_the_client_are_errors_of_the_broker(error: Exception) -> None:
    with pytest.raises(BrokerError, match=f"polling failed: {type(error).__name__}"), kafka.as_broker_error("polling"):
        raise error


async def test_a_cancellation_that_leaks_out_of_the_client_is_one_too() -> None:
    with pytest.raises(BrokerError, match="LeakedCancellation"), kafka.as_broker_error("polling"):
        await leak()


class Admin:
    """Answers of a broker to the creation of topics, by topic."""

    known: Iterable[str] = ("a.events",)
    answers: Mapping[str, int] = {}
    made: list[Any]
    closed = 0

    def __init__(self, **options: Any) -> None:
        Admin.made = []

    async def start(self) -> None: ...

    async def list_topics(self) -> Iterable[str]:
        return self.known

    async def create_topics(self, topics: list[Any]) -> Any:
        Admin.made = topics
        return SimpleNamespace(topic_errors=[(topic.name, self.answers.get(topic.name, 0), "") for topic in topics])

    async def close(self) -> None:
        Admin.closed += 1


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> type[Admin]:
    monkeypatch.setattr(kafka, "AIOKafkaAdminClient", Admin)
    monkeypatch.setattr(Admin, "answers", {})
    return Admin


async def test_topics_that_are_missing_are_created_in_their_form(admin: type[Admin]) -> None:
    before = admin.closed
    await kafka.ensure_topics(SETTINGS, ["c.events", "a.events", "b.events"])
    assert [(topic.name, topic.num_partitions, topic.replication_factor) for topic in admin.made] == [
        ("b.events", 3, 1),
        ("c.events", 3, 1),
    ]
    assert admin.made[0].topic_configs == {"retention.ms": str(336 * 3_600_000)}
    await kafka.ensure_topics(SETTINGS, ["a.events"])
    assert (admin.made, admin.closed) == ([], before + 2)


# Of Kafka's protocol: 36 the topic exists, 29 not permitted, 37 a number of partitions that cannot be.
@pytest.mark.parametrize(("code", "refused"), [(36, False), (29, False), (37, True)])
async def test_a_topic_that_another_creates_or_only_operators_may_is_no_error(
    admin: type[Admin], monkeypatch: pytest.MonkeyPatch, code: int, refused: bool
) -> None:
    monkeypatch.setattr(admin, "answers", {"b.events": code})
    before = admin.closed
    if refused:
        with pytest.raises(BrokerError, match=r"creating b\.events failed"):
            await kafka.ensure_topics(SETTINGS, ["b.events"])
    else:
        await kafka.ensure_topics(SETTINGS, ["b.events"])
    assert admin.closed == before + 1


def _unreadable(next_offset: int | None) -> UnicodeDecodeError:
    """The client's error about a header; with the frame that knows the end of the batch, or without one."""

    def _unpack_records() -> None:
        next_batch = SimpleNamespace(next_offset=next_offset)
        assert next_batch
        b"\xff".decode()

    try:
        _unpack_records() if next_offset is not None else b"\xff".decode()
    except UnicodeDecodeError as error:
        return error
    raise AssertionError


class Client:
    """A consumer of aiokafka as far as the source needs one."""

    def __init__(self, **state: Any) -> None:
        self.at = 5
        self.error: UnicodeDecodeError | None = None
        self.assigned: list[TopicPartition] = []
        self.begun: list[list[TopicPartition]] = []
        self.asked: list[int] = []
        self.committing: Any = None
        vars(self).update(state)

    async def position(self, place: TopicPartition) -> int:
        return self.at

    async def getmany(self, place: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        self.asked.append(max_records)
        if self.error is not None:
            raise self.error
        return {place: [_record(offset=self.at)]}

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.at = offset

    async def commit(self, offsets: Any) -> None:
        self.committing = offsets

    def assignment(self) -> list[TopicPartition]:
        return self.assigned

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return {"a.events": {0, 1}}.get(topic)

    async def end_offsets(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return {place: [9, 4][place.partition] for place in places}

    def highwater(self, place: TopicPartition) -> int | None:
        return {0: 11}.get(place.partition)

    async def committed(self, place: TopicPartition) -> int | None:
        return {0: 7}.get(place.partition)

    async def beginning_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        self.begun.append(places)
        return dict.fromkeys(places, 3)


def _record(**given: Any) -> Any:
    usual = {"topic": "a.events", "partition": 0, "offset": 1, "key": b"k", "value": b"v", "headers": ()}
    return SimpleNamespace(**usual | given)


def _source(client: Client | None, assignment: Any = None) -> KafkaSource:
    source = KafkaSource(SETTINGS, "group", ["a.events", "unknown.events"], assignment)
    source._client = client
    return source


async def test_a_source_that_has_not_started_is_no_member() -> None:
    source = _source(None)
    with pytest.raises(BrokerError, match="start first"):
        await source.poll(Partition("a.events", 0), 1, 1)
    await source.stop()


async def test_a_batch_that_cannot_be_read_is_read_one_by_one_and_then_passed_over() -> None:
    client = Client(error=_unreadable(9))
    source, place = _source(client), Partition("a.events", 0)
    assert list(await source.poll(place, 500, 1)) == []
    assert client.at == 5
    [stands_for_it] = await source.poll(place, 500, 1)
    assert (stands_for_it.offset, stands_for_it.value, stands_for_it.headers, client.at) == (8, b"", (), 9)
    client.error = None
    [read] = await source.poll(place, 500, 1)
    assert read.offset == 9
    assert client.asked == [500, 1, 500]


@pytest.mark.parametrize("end", [None, 0])
async def test_without_the_end_of_the_batch_one_message_is_passed_over(end: int | None) -> None:
    client = Client(error=_unreadable(end))
    source, place = _source(client), Partition("a.events", 0)
    await source.poll(place, 500, 1)
    [stands_for_it] = await source.poll(place, 500, 1)
    assert (stands_for_it.offset, client.at) == (5, 6)


def test_the_end_of_a_batch_is_in_the_clients_frame() -> None:
    assert _end_of_batch(_unreadable(9)) == 9
    assert _end_of_batch(_unreadable(None)) is None


async def test_offsets_are_committed_and_partitions_handed_on() -> None:
    seen: list[Any] = []

    class Assignment:
        async def on_assigned(self, places: Any) -> None:
            seen.append(("assigned", places))

        async def on_revoked(self, places: Any) -> None:
            seen.append(("revoked", places))

    client = Client()
    source = _source(client, Assignment())
    await source.commit({Partition("a.events", 1): 4})
    assert client.committing == {OTHER: 4}
    await source.on_partitions_assigned([PLACE])
    await source.on_partitions_revoked([OTHER])
    assert seen == [("assigned", [Partition("a.events", 0)]), ("revoked", [Partition("a.events", 1)])]


async def test_progress_is_that_of_its_partitions_or_of_all_where_it_has_none() -> None:
    """Without a commit a group is at the beginning of what retention left; the true end is what was fetched."""
    none = Client()
    assert await _source(none).progress() == {
        Partition("a.events", 0): Progress(9, 7),
        Partition("a.events", 1): Progress(4, 3),
    }
    assert none.begun == [[OTHER]]
    mine = Client(assigned=[PLACE])
    assert await _source(mine).progress() == {Partition("a.events", 0): Progress(11, 7)}
    assert mine.begun == []


async def test_a_member_that_cannot_join_says_so(admin: type[Admin], monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Client):
        def __init__(self, **options: Any) -> None:
            super().__init__()
            self.listening = (options["group_id"], options["enable_auto_commit"], options["auto_offset_reset"])

        def subscribe(self, topics: list[str], listener: Any) -> None:
            self.topics = topics

        async def start(self) -> None:
            raise KafkaError

        async def stop(self) -> None: ...

    monkeypatch.setattr(kafka_source, "AIOKafkaConsumer", Refusing)
    source = KafkaSource.maker(SETTINGS, "group", iter(["a.events"]))(None)  # type: ignore[arg-type]
    assert isinstance(source, KafkaSource)
    with pytest.raises(BrokerError, match="joining group failed: KafkaError"):
        await source.start()
    client: Any = source._client
    assert (client.topics, client.listening) == (["a.events"], ("group", False, "earliest"))
    await source.stop()
    assert source._client is None


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [(b"k", b"v", ("k", b"v")), (None, None, ("", b"")), (b"\xff\0", b"", ("\\xff\\x00", b""))],
)
def test_a_record_is_read_whatever_a_stranger_sent(
    key: bytes | None, value: bytes | None, read: tuple[str, bytes]
) -> None:
    found = _received(_record(key=key, value=value, headers=(("a", None), ("b", b"x"))))
    assert (found.key, found.value, found.headers) == (*read, (("a", b""), ("b", b"x")))
    packed = json.dumps([["a", "1"], ["b", "2"]]).encode()
    assert _received(_record(headers=(("outbox-headers", packed),))).headers == (("a", b"1"), ("b", b"2"))


class Producing:
    """A producer of aiokafka as far as the port needs one: batches of two messages."""

    def __init__(self, fails: Exception | None = None, **options: Any) -> None:
        self.fails, self.stopped, self.options = fails, 0, options
        self.sent: list[tuple[str, int, list[bytes]]] = []

    async def start(self) -> None:
        if self.fails:
            raise self.fails

    async def stop(self) -> None:
        self.stopped += 1

    async def partitions_for(self, topic: str) -> set[int]:
        return {2, 0, 1}

    def create_batch(self) -> Any:
        batch: list[bytes] = []

        def append(timestamp: None, key: bytes, value: bytes, headers: Any) -> Any:
            if len(batch) == 2:
                return None
            batch.append(value)
            return object()

        return SimpleNamespace(append=append, messages=batch)

    async def send_batch(self, batch: Any, topic: str, partition: int) -> Any:
        async def acknowledged() -> None:
            self.sent.append((topic, partition, batch.messages))

        return acknowledged()


async def test_messages_of_a_key_go_to_one_partition_in_order(
    admin: type[Admin], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Producing] = []

    def make(**options: Any) -> Producing:
        made.append(Producing(**options))
        return made[-1]

    monkeypatch.setattr(kafka_producer, "AIOKafkaProducer", make)
    producer = KafkaProducer(SETTINGS)
    await producer.send([Message("a.events", "key", b"%d" % number) for number in range(5)])
    [first] = made
    assert first.options["acks"] == "all"
    assert [messages for _, _, messages in first.sent] == [[b"0", b"1"], [b"2", b"3"], [b"4"]]
    assert len({(topic, partition) for topic, partition, _ in first.sent}) == 1
    await producer.send([Message("a.events", "key", b"5")])
    assert len(made) == 1
    await producer.stop()
    await producer.stop()
    assert first.stopped == 1
    await producer.send([Message("a.events", "key", b"6")])
    assert len(made) == 2, "the next one begins with a fresh client"


async def test_a_producer_that_cannot_connect_leaves_no_client_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Producing(fails=KafkaError())
    monkeypatch.setattr(kafka_producer, "AIOKafkaProducer", lambda **options: client)
    with pytest.raises(BrokerError, match="connecting failed: KafkaError"):
        await KafkaProducer(SETTINGS).send([Message("a.events", "key", b"")])
    assert client.stopped == 1


async def test_an_error_of_our_own_is_none_of_the_broker(admin: type[Admin], monkeypatch: pytest.MonkeyPatch) -> None:
    client = Producing()
    monkeypatch.setattr(client, "create_batch", lambda: 1 / 0)
    monkeypatch.setattr(kafka_producer, "AIOKafkaProducer", lambda **options: client)
    with pytest.raises(ExceptionGroup) as raised:
        await KafkaProducer(SETTINGS).send([Message("a.events", "key", b"")])
    assert raised.group_contains(ZeroDivisionError)
    assert client.stopped == 1
