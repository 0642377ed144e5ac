"""Events that cannot be forged: what is not from its service, as that service sent it, has no effect."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.stack import SERVICES_WITH_DATABASE
from shared.events import CATALOGUE
from shared.ids import new_id
from shared.messaging import (
    Consumer,
    DeadLetterLimit,
    DeadLetters,
    Envelope,
    EventKeys,
    MemoryBroker,
    MemoryProducer,
    MemorySource,
    Message,
    Relay,
    deadletters,
    encode,
    metrics,
)
from shared.messaging.authenticity import HEADER, Refused, owner_of
from shared.messaging.kafka_source import _received
from shared.messaging.message import Partition, Received
from shared.sealing import BadKey, new_key_pair
from tests.messaging.conftest import Run
from tests.messaging.support import ON_BOTH_DATABASES, TEST_KEYS, Bus, Service
from tests.support.keys import PAIRS, event_keys
from tests.support.waiting import eventually

GROUP = "tests"
Forge = Callable[[Service, Message], Message]


def _with(message: Message, **headers: str) -> Message:
    """`message` with these headers changed."""
    changed = {name: value.encode() for name, value in headers.items()}
    return replace(message, headers=tuple((name, changed.get(name, value)) for name, value in message.headers))


def _by_another_service(_: Service, message: Message) -> Message:
    """`document` signs an event of the topic's owner, with its own key and under its own name."""
    return event_keys("document").sign(_with(message, ce_source="/zairyu/document"))


def _in_the_owners_name(_: Service, message: Message) -> Message:
    return event_keys("document").sign(message)


def _without_codes(_: Service, message: Message) -> Message:
    return replace(message, headers=tuple(header for header in message.headers if header[0] != HEADER))


def _with_another_aggregate(service: Service, message: Message) -> Message:
    """The finding: a copied message, with the ids of another case."""
    other = service.message(new_id(), 1)
    return replace(other, headers=(*other.headers[:-1], message.headers[-1]))


FORGERIES: dict[str, tuple[Forge, str]] = {
    "other ids": (_with_another_aggregate, "forged"),
    "altered body": (lambda _, m: replace(m, value=m.value.replace(b'"number":1', b'"number":2')), "forged"),
    "other event id": (lambda _, m: _with(m, ce_id=str(new_id())), "forged"),
    "other time": (lambda _, m: _with(m, ce_time=datetime.now(UTC).isoformat()), "forged"),
    "other cause": (lambda _, m: _with(m, ce_correlationid=str(new_id())), "forged"),
    "nonsense for codes": (lambda _, m: _with(m, **{HEADER: "::: :x"}), "unknown-key"),
    "no codes": (_without_codes, "unsigned"),
    "nothing but a body": (lambda _, m: Message(m.topic, m.key, m.value), "wrong-source"),
    "another service's key": (_in_the_owners_name, "unknown-key"),
    "another service": (_by_another_service, "wrong-source"),
    "another key": (lambda _, m: replace(m, key=str(new_id())), "wrong-key"),
}


def _consumer(service: Service, bus: Bus, **options: Any) -> Consumer:
    group = options.pop("group", service.topic)
    source = bus.maker(group, [service.topic])
    return Consumer(service.db, source, group, service.handlers, **{"keys": TEST_KEYS, **options})


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_with_its_reason(name: str) -> None:
    """[attacks F3] every way to alter, copy or invent a message, seen by the check alone."""
    service = Service(None, "test.forgeries")  # type: ignore[arg-type]  # nothing is kept
    message = service.message(new_id(), 1)
    TEST_KEYS.check(message)
    forge, reason = FORGERIES[name]
    with pytest.raises(Refused) as refused:
        TEST_KEYS.check(forge(service, message))
    assert refused.value.reason == reason


async def test_forgeries_have_no_effect_and_hold_nobody_up(bus: Bus, service: Service, run: Run) -> None:
    """[attacks F3] more forgeries than failures stop a consumer, under the key and id of true events: those have their
    effect, in order; each forgery is a letter with its reason, and an alarm."""
    key = new_id()
    true = [service.message(key, number) for number in (1, 2)]
    forged = [forge(service, true[0]) for forge, _ in FORGERIES.values()]
    before = _refused(service.topic)
    producer = bus.producer()
    try:
        await producer.send([*forged, true[0], *forged, true[1]])
        limit = DeadLetterLimit(consecutive=2, share=0.01)
        async with run(_consumer(service, bus, limit=limit).run()):
            await eventually(lambda: service.all_effects_are_there(2))
            await eventually(lambda: _all_kept(service, 2 * len(forged)))
    finally:
        await producer.stop()
    assert await service.effects() == [(key, 1), (key, 2)]
    letters = await service.letters()
    assert {letter.status for letter in letters} == {"refused"}
    assert sorted(letter.error_type for letter in letters) == sorted(2 * [reason for _, reason in FORGERIES.values()])
    assert {letter.event_id for letter in letters} == {None}
    assert _refused(service.topic) - before == 2 * len(forged)


async def _all_kept(service: Service, count: int) -> bool:
    return await service.count("dead_letters") == count


def _refused(group: str) -> float:
    found = [sample for each in metrics.REFUSED.collect() for sample in each.samples]
    return sum(s.value for s in found if s.name.endswith("_total") and s.labels["group"] == group)


@ON_BOTH_DATABASES
async def test_a_true_event_elsewhere_or_twice_has_no_second_effect(
    memory: MemoryBroker, service: Service, run: Run
) -> None:
    """[attacks F3] an event replayed as it was, into another topic, another partition and once more into its own."""
    message = service.message(new_id(), 1)
    await MemoryProducer(memory).send([message, message])
    for place, log in memory._logs.items():
        log.append(Received(place.topic, message.key, message.value, message.headers, partition=0, offset=len(log)))
    stray = replace(message, topic="test.other")
    await MemoryProducer(memory).send([stray])
    source = MemorySource.maker(memory, GROUP, [service.topic, "test.other"])
    consumer = Consumer(service.db, source, GROUP, service.handlers, keys=TEST_KEYS)
    async with run(consumer.run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == len(memory.log(service.topic)) + 1)
    assert await service.effects() == [(message.key and service.event.model_validate_json(message.value).aggregate, 1)]
    assert [letter.error_type for letter in await service.letters()] == ["wrong-topic"]


@ON_BOTH_DATABASES
async def test_an_event_older_than_the_inbox_is_refused_and_an_operator_may_replay_it(
    memory: MemoryBroker, service: Service, run: Run
) -> None:
    """[attacks F3] kept by a stranger until the inbox has forgotten it, a true event would have a second effect."""
    event = service.event(aggregate=new_id(), number=1)
    old = datetime.now(UTC) - timedelta(days=29)
    envelope = Envelope.of(event, id=new_id(), source=TEST_KEYS.source, time=old)
    await MemoryProducer(memory).send([TEST_KEYS.sign(encode(event, envelope))])
    source = MemorySource.maker(memory, GROUP, [service.topic])
    consumer = Consumer(service.db, source, GROUP, service.handlers, keys=TEST_KEYS, max_age=timedelta(days=28))
    async with run(consumer.run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 1)
    assert [letter.error_type for letter in await service.letters()] == ["stale"]
    assert await service.count("effects") == 0
    letters = DeadLetters(service.db, GROUP, service.handlers, keys=TEST_KEYS)
    assert (await letters.replay(by="operator", error_type="stale")).resolved == 1
    assert await service.count("effects") == 1


@ON_BOTH_DATABASES
async def test_replay_checks_again_and_only_the_true_one_has_its_effect(
    memory: MemoryBroker, service: Service, run: Run
) -> None:
    """[attacks F3] replay of what was refused: a forgery stays one; what only lacked the sender's key is an event."""
    key, new = new_id(), new_key_pair()
    message = service.message(key, 1)
    rotated = _keys([new[0]], [new[1]]).sign(message)
    await MemoryProducer(memory).send([_without_codes(service, message), rotated])
    source = MemorySource.maker(memory, GROUP, [service.topic])
    async with run(Consumer(service.db, source, GROUP, service.handlers, keys=TEST_KEYS).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 2)
    assert [letter.error_type for letter in await service.letters()] == ["unsigned", "unknown-key"]
    letters = DeadLetters(service.db, GROUP, service.handlers, keys=TEST_KEYS)
    assert (await letters.replay(by="operator")).failed == 2
    knows_both = _keys([new[0], PAIRS["test"][0]], [new[1], PAIRS["test"][1]])
    replayed = await DeadLetters(service.db, GROUP, service.handlers, keys=knows_both).replay(by="operator")
    assert (replayed.resolved, replayed.failed) == (1, 1)
    assert await service.effects() == [(key, 1)]
    [left] = await service.letters()
    assert (left.status, left.error_type, left.attempts) == ("refused", "unsigned", 3)
    await letters.drop(left.id, by="operator", reason="forged")
    assert await service.letters() == []


@ON_BOTH_DATABASES
async def test_a_flood_of_forgeries_fills_no_table(
    memory: MemoryBroker, service: Service, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[attacks F3] of what strangers send only so much is kept, and nothing large; all of it is counted."""
    monkeypatch.setattr(deadletters, "KEPT_REFUSED", 20)
    forged = _without_codes(service, service.message(new_id(), 1))
    large = replace(forged, value=b" " * 70_000)
    last = service.message(new_id(), 2)
    before = _refused(GROUP)
    await MemoryProducer(memory).send([large, *[forged] * 50, last])
    source = MemorySource.maker(memory, GROUP, [service.topic])
    async with run(Consumer(service.db, source, GROUP, service.handlers, keys=TEST_KEYS, batch_size=10).run()):
        await eventually(lambda: service.all_effects_are_there(1))
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 52)
    assert await service.count("dead_letters") == 20
    assert await service.count("outbox") == 20  # their copies
    assert _refused(GROUP) - before == 51


_HOSTILE: dict[str, Callable[[Message], Message]] = {
    "a key of 5,000 letters": lambda m: replace(m, key="k" * 5_000),
    "a key that is not Unicode": lambda m: replace(m, key="\ud800"),
    "a header's name with NUL": lambda m: replace(m, headers=(*m.headers, ("a\0b", b"x"))),
    "headers of 900,000 bytes": lambda m: replace(m, headers=(*m.headers, ("x", b"x" * 900_000))),
    "a type twice": lambda m: replace(m, headers=(*m.headers, ("ce_type", b"zairyu.SomethingElse.v1"))),
    "a type that is no text": lambda m: _with_type(m, b"\xff\0"),
    "no header": lambda m: replace(m, headers=()),
}


def _with_type(message: Message, kind: bytes) -> Message:
    return replace(message, headers=tuple((n, kind if n == "ce_type" else v) for n, v in message.headers))


async def test_odd_keys_and_headers_stop_no_consumer(memory: MemoryBroker, service: Service, run: Run) -> None:
    """[attacks F3] what a stranger sends may be impossible to keep: events after it have their effect, and nothing gets
    into the outbox that is too large for the broker, which would stop the relay."""
    odd = [change(_without_codes(service, service.message(new_id(), 1))) for change in _HOSTILE.values()]
    before = _refused(GROUP)
    for number, message in enumerate(odd):
        memory._logs[Partition(service.topic, 0)].append(
            Received(message.topic, message.key, message.value, message.headers, partition=0, offset=number)
        )
    after = service.message(new_id(), 2)
    memory._logs[Partition(service.topic, 0)].append(
        Received(after.topic, after.key, after.value, after.headers, partition=0, offset=len(odd))
    )
    source = MemorySource.maker(memory, GROUP, [service.topic])
    consumer = Consumer(service.db, source, GROUP, service.handlers, keys=TEST_KEYS)
    async with run(consumer.run()):
        await eventually(lambda: service.all_effects_are_there(1))
        await eventually(lambda: sum(memory.committed(GROUP).values()) == len(odd) + 1)
    assert _refused(GROUP) - before == len(odd)
    assert await service.count("outbox WHERE length(headers::text) > 100000") == 0
    async with run(Relay(service.db, MemoryProducer(memory)).run()):
        await eventually(lambda: _all_sent(service))


async def _all_sent(service: Service) -> bool:
    return await service.count("outbox") == 0


@pytest.mark.parametrize(
    "packed",
    [b"[" * 100_000, b"[[1, 2]]", b'[[["a"], "b"]]', b'[["\\ud800", "x"]]', b'{"a": 1}', b"[[]]", b"7", b"\xff"],
)
def test_packed_headers_that_are_none_are_left_alone(packed: bytes) -> None:
    """[attacks F3] a header for Kafka Connect, filled by a stranger."""
    record = SimpleNamespace(
        topic="t", key=b"k", value=b"", headers=[("outbox-headers", packed)], partition=0, offset=0
    )
    assert _received(record).headers == (("outbox-headers", packed),)


def test_every_topic_belongs_to_a_service_that_has_keys() -> None:
    """[attacks F3] the owner of a topic is in its name, and only its key is believed there."""
    assert {owner_of(event.topic) for event in CATALOGUE} == set(SERVICES_WITH_DATABASE)


def _keys(private: list[str], public: list[str]) -> EventKeys:
    return EventKeys("test", private, {"test": public})


def test_a_key_is_replaced_while_both_sides_run() -> None:
    """[attacks F3] the steps of docs/messaging.md, Replacing a key: at each of them every message is accepted."""
    old, new = new_key_pair(), new_key_pair()
    reader = new_key_pair()
    service = Service(None, "test.rotation")  # type: ignore[arg-type]  # nothing is kept
    message = service.message(new_id(), 1)

    def sender(private: list[str]) -> EventKeys:
        public = [old[1] if key == old[0] else new[1] for key in private]
        return EventKeys("test", private, {"test": public, "review": [reader[1]]})

    def knows(public: list[str]) -> EventKeys:
        return EventKeys("review", [reader[0]], {"test": public, "review": [reader[1]]})

    steps = [
        (sender([old[0]]), knows([old[1]])),
        (sender([old[0]]), knows([new[1], old[1]])),
        (sender([new[0], old[0]]), knows([new[1], old[1]])),
        (sender([new[0]]), knows([new[1]])),
    ]
    for signing, checking in steps:
        checking.check(signing.sign(message))
    with pytest.raises(Refused, match="not one of test"):
        knows([new[1]]).check(sender([old[0]]).sign(message))


def test_a_reader_replaces_its_key_and_still_reads_what_was_sent_before() -> None:
    """[attacks F3] codes for a reader's earlier key are accepted as long as it keeps that key."""
    old, new, sender = new_key_pair(), new_key_pair(), new_key_pair()
    message = Service(None, "test.rotation").message(new_id(), 1)  # type: ignore[arg-type]  # nothing is kept
    public = {"test": [sender[1]], "review": [old[1]]}
    sent = EventKeys("test", [sender[0]], public).sign(message)
    renewed = {"test": [sender[1]], "review": [new[1], old[1]]}
    EventKeys("review", [new[0], old[0]], renewed).check(sent)
    EventKeys("review", [new[0], old[0]], renewed).check(EventKeys("test", [sender[0]], renewed).sign(message))
    with pytest.raises(Refused, match="no code for a key of review"):
        EventKeys("review", [new[0]], {"test": [sender[1]], "review": [new[1]]}).check(sent)


def test_a_reader_cannot_make_codes_that_another_reader_accepts() -> None:
    """[attacks F3] with all that `review` has, an event of `test` can be made that `review` alone believes."""
    keys = {name: new_key_pair() for name in ("test", "review", "application")}
    public = {name: [pair[1]] for name, pair in keys.items()}
    message = Service(None, "test.readers").message(new_id(), 1)  # type: ignore[arg-type]  # nothing is kept
    EventKeys("application", [keys["application"][0]], public).check(
        EventKeys("test", [keys["test"][0]], public).sign(message)
    )
    thief = EventKeys("review", [keys["review"][0]], public).sign(message)
    with pytest.raises(Refused):
        EventKeys("application", [keys["application"][0]], public).check(thief)


@pytest.mark.parametrize(
    ("private", "public", "words"),
    [
        (PAIRS["review"][0], f"test={PAIRS['test'][1]}", "does not belong to the keys of test"),
        ("", f"test={PAIRS['test'][1]}", "does not belong"),
        (PAIRS["test"][1], f"test={PAIRS['test'][1]}", "not a private key"),
        (PAIRS["test"][0], f"test={PAIRS['test'][0]}", "not a public key"),
        (PAIRS["test"][0], "test=public-AAAA", "32 bytes"),
    ],
)
def test_keys_that_do_not_fit_are_said_at_the_start(private: str, public: str, words: str) -> None:
    """[attacks F3] a service with wrong keys would refuse every event: it does not start, and shows no key."""
    with pytest.raises(BadKey, match=words) as error:
        EventKeys.parse("test", private, public)
    for part in (private, public):
        assert not part or part not in str(error.value)
