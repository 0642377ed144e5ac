"""Small parts of messaging by themselves: what each says at its bounds, without a server."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from shared.messaging import (
    BrokerError,
    DeadLetterLimit,
    DeadLetters,
    Message,
    NoSuchLetter,
    NotYet,
    Replayed,
    Retry,
    deadletters,
    outbox,
    traces,
)
from shared.messaging.authenticity import Refused
from shared.messaging.effects import Effects
from shared.messaging.envelope import Envelope, Undecodable, decode, decode_envelope, encode
from shared.messaging.handlers import BatchHandler, Dispatch, Item
from shared.messaging.lane import Lane
from shared.messaging.limit import FailureCounter, LimitReached
from shared.messaging.message import Partition, Received
from shared.messaging.ports import Progress
from shared.messaging.retry import is_race, is_transient
from shared.messaging.watchdog import Watchdog
from shared.sealing import SealBroken
from tests.messaging.support import TEST_KEYS, ModelService, submitted_on
from tests.support.keys import event_keys
from tests.support.parts import leak

NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)
ID, OTHER = UUID(int=1), UUID(int=2)
EVENT = submitted_on("test.small")
SENT = EVENT(aggregate=ID, number=1)
ENVELOPE = Envelope.of(SENT, id=OTHER, source="/zairyu/test", time=NOW)


def _received(message: Message, offset: int = 0) -> Received:
    return Received(message.topic, message.key, message.value, message.headers, partition=0, offset=offset)


def _signed(envelope: Envelope = ENVELOPE) -> Received:
    return _received(TEST_KEYS.sign(encode(SENT, envelope)))


def _with(**changed: bytes | None) -> Message:
    message = encode(SENT, ENVELOPE)
    headers = dict(message.headers) | changed
    return replace(message, headers=tuple((name, value) for name, value in headers.items() if value is not None))


# The envelope


def test_an_event_begins_its_own_story_and_is_read_as_it_was_written() -> None:
    assert (ENVELOPE.correlationid, ENVELOPE.causationid, ENVELOPE.subject) == (OTHER, None, str(ID))
    story = Envelope.of(
        SENT, id=OTHER, source="/zairyu/test", time=NOW, traceparent="00-x", correlationid=ID, causationid=ID
    )
    assert decode(encode(SENT, story), {EVENT.event_type(): EVENT}.__getitem__) == (story, SENT)


def test_what_an_envelope_may_lack_is_empty() -> None:
    found = decode_envelope(_with(ce_subject=None, ce_dataschema=None, ce_correlationid=b""))
    assert (found.subject, found.dataschema, found.correlationid, found.traceparent) == (str(ID), "", None, None)
    assert decode_envelope(_with(ce_traceparent=b"")).traceparent == ""


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (_with(ce_id=None), "ce_id: missing"),
        (_with(ce_time=None), "ce_time: missing"),
        (_with(ce_id=b"Taro"), "ce_id: malformed"),
        (_with(ce_id=b""), "ce_id: malformed"),
        (_with(ce_time=b""), "ce_time: malformed"),
        (_with(ce_time=b"2026-07-15T03:00:00"), "ce_time: malformed"),
        (_with(ce_time=b"yesterday"), "ce_time: malformed"),
        (_with(ce_correlationid=b"Taro"), "ce_correlationid: malformed"),
        (_with(ce_causationid=b"Taro"), "ce_causationid: malformed"),
        (_with(ce_source=b"\xff"), "ce_source: malformed"),
        (_with(ce_subject=b"\xff"), "ce_subject: malformed"),
        (_with(ce_traceparent=b"\xff"), "ce_traceparent: malformed"),
    ],
)
def test_an_envelope_that_cannot_be_read_says_where(message: Message, text: str) -> None:
    with pytest.raises(Undecodable) as bad:
        decode_envelope(message)
    assert str(bad.value) == text


def test_an_unknown_event_and_a_body_that_does_not_fit_say_so() -> None:
    with pytest.raises(Undecodable, match="ce_type: no such event"):
        decode(encode(SENT, ENVELOPE))
    wrong = replace(encode(SENT, ENVELOPE), value=b'{"aggregate": "Taro", "number": {"a": 1}}')
    with pytest.raises(Undecodable) as bad:
        decode(wrong, lambda _: EVENT)
    assert str(bad.value) == "body does not fit Submitted (aggregate: uuid_parsing, number: int_type)"


# Messages and the outbox


def test_a_header_that_is_no_text_of_postgresql_counts_as_missing() -> None:
    message = Message("t", "k", b"", (("a", b"\xff"), ("b", b"x\0"), ("c", b"1"), ("c", b"2")))
    assert [message.header(name) for name in "abcd"] == [None, None, "1", None]


async def test_nothing_is_put_where_there_is_nothing() -> None:
    await outbox.put(None, [])  # type: ignore[arg-type]  # not asked


def test_the_copy_of_what_is_no_event_gets_an_id_of_its_own() -> None:
    first, second = (outbox._row(Message("t", "k", b"")) for _ in range(2))
    assert first["id"] != second["id"]
    assert first["type"] == ""
    assert outbox._row(encode(SENT, ENVELOPE))["id"] == OTHER


# Errors


class _Driver(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def _failure(sqlstate: str, gone: bool = False) -> exc.DBAPIError:
    return exc.DBAPIError("", None, _Driver(sqlstate), connection_invalidated=gone)


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (_failure("40001"), True),
        (_failure("08006"), True),
        (_failure("53300"), True),
        (_failure("23505"), False),
        (_failure("42P01", gone=True), False),
        (_failure("", gone=True), True),
        (_failure(""), False),
        (exc.DBAPIError("", None, Exception(), connection_invalidated=True), True),
        (exc.TimeoutError(), True),
        (Retry(), True),
        (BrokerError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (NotYet(), False),
        (ValueError(), False),
    ],
)
def test_some_errors_pass_by_themselves(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


def test_a_race_is_a_key_that_is_taken_or_a_row_that_changed() -> None:
    assert is_race(_failure("23505"))
    assert is_race(StaleDataError())
    assert not is_race(_failure("40001"))
    assert not is_race(ValueError())


def _raised(act: Any) -> Exception:
    with pytest.raises(Exception) as raised:
        act()
    return raised.value


class _Form(BaseModel):
    number: int


def test_a_letter_says_type_and_place_of_an_error_and_nothing_that_it_quotes() -> None:
    assert deadletters.describe(Undecodable("ce_id: missing")) == {
        "error_type": "Undecodable",
        "error": "ce_id: missing",
    }
    assert deadletters.describe(Refused("stale", "old")) == {"error_type": "stale", "error": "old"}
    assert deadletters.describe(ValueError("Taro")) == {"error_type": "ValueError", "error": ""}
    wrong = deadletters.describe(_raised(lambda: _Form.model_validate({"number": "Taro"})))
    assert wrong["error_type"] == ValidationError.__name__
    assert wrong["error"].startswith("tests/messaging/test_small_parts.py:")
    assert wrong["error"].endswith("number: int_parsing")
    assert "Taro" not in wrong["error"]
    refused = _failure("23514")
    cause = Exception()
    cause.constraint_name = "one_case"  # type: ignore[attr-defined]  # as asyncpg has it
    refused.orig.__cause__ = cause  # type: ignore[union-attr]
    assert deadletters.describe(refused)["error"] == "23514 one_case"
    assert deadletters.describe(_failure("23514"))["error"] == "23514"


def test_an_error_outside_of_the_repository_has_its_place_by_the_files_name() -> None:
    error = _raised(lambda: exec(compile("raise KeyError(1)", "/usr/lib/other.py", "exec")))
    here = error.__traceback__
    while here is not None and here.tb_frame.f_code.co_filename != "/usr/lib/other.py":
        here = here.tb_next
    found = deadletters.describe(error.with_traceback(here))
    assert found == {"error_type": "KeyError", "error": "other.py:1 in <module>"}


# Limits, dispatch, traces, keys


def test_a_counter_stops_at_its_limits_and_a_failure_that_was_undone_does_not_count() -> None:
    counter = FailureCounter(DeadLetterLimit(consecutive=2, share=1, window=10))
    for _ in range(5):
        with suppress(KeyError), counter.reserve():
            raise KeyError
    for _ in range(2):
        with counter.reserve():
            pass
    with pytest.raises(LimitReached, match="2 events in a row"), counter.reserve():
        pass
    counter.handled(0)
    with pytest.raises(LimitReached), counter.reserve():
        pass
    counter.handled()
    with counter.reserve():
        pass
    share = FailureCounter(DeadLetterLimit(consecutive=100, share=0.5, window=4))
    share.handled(100)
    for _ in range(2):
        with share.reserve():
            pass
    with pytest.raises(LimitReached, match="2 of the last 4 events"), share.reserve():
        pass
    share.handled(3)
    with share.reserve():
        pass


def test_a_failure_that_left_the_window_while_it_was_set_aside_is_undone_all_the_same() -> None:
    counter = FailureCounter(DeadLetterLimit(consecutive=2, share=2, window=2))
    with suppress(KeyError), counter.reserve():
        counter.handled(2)
        raise KeyError
    assert list(counter._last) == [False, False]


async def test_events_go_to_their_handlers_in_order_and_runs_of_them_together() -> None:
    other = submitted_on("test.small", "Other")
    taken: list[Any] = []

    async def one(session: Any, envelope: Envelope, event: Any) -> None:
        taken.append(event.number)

    async def many(session: Any, deliveries: Sequence[Any]) -> None:
        taken.append([event.number for _, event in deliveries])

    dispatch = Dispatch({EVENT: one, other: BatchHandler(many)}, TEST_KEYS)
    events = [kind(aggregate=ID, number=n) for n, kind in enumerate([EVENT, other, other, EVENT, EVENT, other])]
    await dispatch.handle(None, [(ENVELOPE, event) for event in events])  # type: ignore[arg-type]  # handed on
    assert taken == [0, [1, 2], 3, 4, [5]]
    assert dispatch.returned == 5


def test_a_message_is_opened_passed_over_or_refused() -> None:
    dispatch = Dispatch({EVENT: None}, TEST_KEYS)  # type: ignore[dict-item]  # not called
    item = dispatch.open(_signed(), NOW)
    assert item is not None
    assert (item.event, item.envelope, item.error, item.id, item.refused) == (SENT, ENVELOPE, None, OTHER, None)
    assert dispatch.open(_received(_with(ce_type=b"zairyu.Other.v1"))) is None
    reasons = {
        "stale": dispatch.open(_signed(), NOW + timedelta(seconds=1)),
        "wrong-topic": dispatch.open(replace(_signed(), topic="test.other")),
        "unsigned": dispatch.open(_received(encode(SENT, ENVELOPE))),
    }
    assert {reason: item and item.refused and item.refused.reason for reason, item in reasons.items()} == {
        reason: reason for reason in reasons
    }
    stale = reasons["stale"]
    assert stale is not None
    assert (stale.id, stale.event) == (None, None), "nothing in it may be believed"
    bare = dispatch.open(_received(Message("test.small", "k", b"")))
    assert bare is not None
    assert bare.refused is not None
    broken = dispatch.open(_received(TEST_KEYS.sign(_with(ce_time=b"noon"))))
    assert broken is not None
    assert (type(broken.error), broken.refused) == (Undecodable, None)


def test_spans_name_the_event_and_begin_when_it_was_recorded() -> None:
    letter = Message("test.dead-letters", "k", b"")
    steps = list(traces.sending([encode(SENT, ENVELOPE), letter], [2, 0.5]))
    assert [(step.name, step.kind, step.waited, step.from_then) for step in steps] == [
        ("send Submitted", SpanKind.PRODUCER, 2.0, True),
        ("send letter", SpanKind.PRODUCER, 0.5, True),
    ]
    assert [step.attributes["messaging.message.id"] for step in steps] == [str(OTHER), ""]
    early = ENVELOPE._replace(time=datetime.now(UTC) + timedelta(days=1))
    late = ENVELOPE._replace(time=datetime.now(UTC) - timedelta(days=1))
    handled = list(traces.handling("group", [(early, SENT), (late, SENT)]))
    assert [step.name for step in handled] == ["handle Submitted"] * 2
    assert handled[0].waited == 0
    assert handled[1].waited >= 86_400
    assert handled[0].attributes["messaging.kafka.message.key"] == str(ID)


def test_a_text_that_is_sealed_for_a_service_is_opened_by_it_alone() -> None:
    sealed = event_keys("review").seal_for("test", "Taro")
    assert "Taro" not in sealed
    assert TEST_KEYS.open(sealed) == "Taro"
    with pytest.raises(SealBroken):
        event_keys("document").open(sealed)
    with pytest.raises(KeyError):
        TEST_KEYS.seal_for("nobody", "Taro")


# The watchdog and the lane


async def test_a_watchdog_knows_the_age_and_the_rate_of_a_partition() -> None:
    place = Partition("t", 0)
    watchdog = Watchdog("group", patience=9, interval=0)
    looked = asyncio.Event()

    async def progress() -> dict[Partition, Progress]:
        looked.set()
        return {place: Progress(5, 2)}

    assert (watchdog.age(place), watchdog.rate(place)) == (None, None)
    watching = asyncio.create_task(watchdog.watch(progress, lambda: False))
    await looked.wait()
    watching.cancel()
    age = watchdog.age(place)
    assert age is not None
    assert age >= 0
    assert watchdog.rate(place) is None
    assert watchdog.progress == {place: Progress(5, 2)}


class _Source:
    """Gives one batch, and then nothing."""

    def __init__(self, *batch: Received) -> None:
        self.batch: Sequence[Received] = batch

    async def poll(self, partition: Partition, most: int, timeout: float) -> Sequence[Received]:
        await asyncio.sleep(0)
        batch, self.batch = self.batch, ()
        return batch


def _lane(effects: Any, *batch: Received) -> tuple[Lane, list[int | None]]:
    seen: list[int | None] = []
    lane = Lane(Partition("test.small", 0), _Source(*batch), effects, 10, lambda: seen.append(lane.done))  # type: ignore[arg-type]
    return lane, seen


async def test_a_lane_that_was_never_begun_is_finished() -> None:
    lane, _ = _lane(None)
    await lane.finish(1)
    assert lane.finishing


async def test_a_lane_passes_over_what_concerns_nobody_and_ends_at_once_while_it_polls() -> None:
    service = ModelService("test.small")
    effects = Effects(service.db, "group", {}, TEST_KEYS, DeadLetterLimit(), _Clock())
    lane, seen = _lane(effects, _signed())
    lane.task = asyncio.create_task(lane.run())  # ended: by `finish`, which is what the test looks at
    while not seen:
        await asyncio.sleep(0)
    assert seen == [1]
    await lane.finish(60)
    assert lane.task.cancelled()


async def test_a_lane_that_waits_for_the_database_finishes_without_the_rest_of_its_batch() -> None:
    class Away:
        def open(self, batch: Sequence[Received]) -> list[Item]:
            return [Item(received) for received in batch]

        async def apply_batch(self, items: Sequence[Item]) -> Sequence[Item]:
            raise ValueError("one of them")

        async def apply_one(self, item: Item) -> str:
            lane.finishing = True
            raise OSError("away")

    lane, seen = _lane(Away(), _signed())
    await lane.run()
    assert seen == [0], "it is delivered again"


class _Clock:
    def now(self) -> datetime:
        return NOW


# Effects on the model of PostgreSQL


def _effects(service: ModelService, handle: Any, **options: Any) -> Effects:
    return Effects(service.db, "group", {service.event: handle}, TEST_KEYS, DeadLetterLimit(), _Clock(), **options)


@pytest.mark.parametrize(
    ("failures", "outcome", "attempts"),
    [
        (["leak"] * 4, "handled", 5),
        (["leak"] * 5, "parked", 5),
        ([_failure("23505")] * 4, "handled", 5),
        ([_failure("23505")] * 5, "parked", 5),
        ([NotYet("later")], "deferred", 1),
        ([ValueError("bug")], "parked", 1),
    ],
)
async def test_races_and_leaked_cancellations_are_tried_again_and_nothing_else(
    failures: list[Any], outcome: str, attempts: int
) -> None:
    service, calls = ModelService("test.small"), 0

    async def handle(session: Any, envelope: Envelope, event: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > len(failures):
            return await service.handle(session, envelope, event)
        if failures[calls - 1] == "leak":
            return await leak()
        raise failures[calls - 1]

    effects = _effects(service, handle)
    [item] = effects.open([_received(service.message(ID, 1))])
    assert await effects.apply_one(item) == outcome
    assert calls == attempts
    letters = await service.letters()
    assert [letter.status for letter in letters] == ([] if outcome == "handled" else [outcome])
    assert await service.count("effects") == (outcome == "handled")
    if outcome == "parked":
        assert letters[0].attempts == attempts
    if outcome == "handled":
        assert await effects.apply_one(item) == "duplicate"


async def test_what_is_refused_is_kept_alone_or_in_its_batch() -> None:
    service = ModelService("test.small")
    effects = _effects(service, service.handle, max_age=timedelta(days=1))
    forged = replace(service.message(ID, 1), value=b"{}")
    fresh = service.event(aggregate=ID, number=2)
    envelope = Envelope.of(fresh, id=OTHER, source=TEST_KEYS.source, time=NOW - timedelta(days=1))
    stale = envelope._replace(time=NOW - timedelta(days=1, seconds=1))
    messages = [forged, *(TEST_KEYS.sign(encode(fresh, each)) for each in (envelope, stale))]
    items = effects.open([_received(message, n) for n, message in enumerate(messages)])
    assert await effects.apply_one(items[0]) == "refused"
    assert await effects.apply_batch(items) == ()
    assert [(letter.error_type, letter.log_offset) for letter in await service.letters()] == [
        ("forged", 0),
        ("stale", 2),
    ]
    assert await service.effects() == [(ID, 2)]


async def test_a_key_with_a_letter_is_left_over_and_waits_behind_it() -> None:
    service = ModelService("test.small")
    effects = _effects(service, service.handle)
    broken = TEST_KEYS.sign(replace(service.message(ID, 1), value=b"{}"))
    items = effects.open(
        [_received(each, n) for n, each in enumerate([broken, service.message(ID, 2), service.message(OTHER, 3)])]
    )
    left = await effects.apply_batch(items)
    assert left == items[:2]
    assert [await effects.apply_one(item) for item in left] == ["parked", "waiting"]
    assert await effects.apply_batch(items[1:2]) == items[1:2]
    assert await service.effects() == [(OTHER, 3)]


# Letters on the model of PostgreSQL


async def _parked(service: ModelService, error: Exception, *numbers: int) -> list[Any]:
    """Letters about events that failed with `error`, each of a key of its own."""

    async def fail(session: Any, envelope: Envelope, event: Any) -> None:
        raise error

    effects = _effects(service, fail)
    messages = [_received(service.message(UUID(int=number), number), number) for number in numbers]
    for item in effects.open(messages):
        await effects.apply_one(item)
    return [letter for letter in await service.letters() if letter.log_offset in numbers]


async def test_letters_are_replayed_one_by_id_or_those_of_an_error_or_all() -> None:
    service = ModelService("test.small")
    [first, _] = await _parked(service, ValueError(), 1, 2)
    await _parked(service, KeyError(), 3)
    letters = DeadLetters(service.db, "group", service.handlers, keys=TEST_KEYS)
    assert await letters.replay(by="operator", letter_id=first.id) == Replayed(1)
    with pytest.raises(NoSuchLetter):
        await letters.replay(by="operator", letter_id=first.id)
    assert await letters.replay(by="operator", error_type="KeyError") == Replayed(1)
    assert await letters.replay(by="operator", error_type="KeyError") == Replayed()
    assert await letters.replay(by="operator") == Replayed(1)
    assert [number for _, number in await service.effects()] == [1, 3, 2]


async def test_a_letter_that_nobody_handles_any_more_has_no_effect_and_goes() -> None:
    service = ModelService("test.small")
    [letter] = await _parked(service, ValueError(), 1)
    letters = DeadLetters(service.db, "group", {}, keys=TEST_KEYS, clock=_Clock())
    assert letters.now() == NOW
    assert letters.try_opening(letter) == (False, None)
    assert DeadLetters(service.db, "group", service.handlers, keys=TEST_KEYS).try_opening(letter) == (True, None)
    broken = SimpleNamespace(**vars(letter) | {"value": b"{}"})
    opened, why = DeadLetters(service.db, "group", service.handlers, keys=TEST_KEYS).try_opening(broken)
    assert opened
    assert why
    assert await letters.replay(by="operator") == Replayed(1)
    assert await service.letters() == await service.effects() == []


async def test_a_letter_is_dropped_with_a_reason_and_by_no_other_group() -> None:
    service = ModelService("test.small")
    [letter] = await _parked(service, ValueError(), 1)
    letters = DeadLetters(service.db, "group", service.handlers, keys=TEST_KEYS)
    with pytest.raises(NoSuchLetter):
        await DeadLetters(service.db, "other", {}, keys=TEST_KEYS).drop(letter.id, by="operator", reason="test")
    assert await letters.drop(letter.id, by="operator", reason="test") == Replayed()
    assert await letters.replay(by="operator") == Replayed()
    [decision] = await service.rows("SELECT * FROM dead_letter_decisions")
    assert (decision.action, decision.decided_by, decision.reason) == ("dropped", "operator", "test")
    assert await service.count("inbox") == 1, "delivered once more, it has no effect"


async def test_a_replay_passes_errors_of_the_database_on() -> None:
    service = ModelService("test.small")
    await _parked(service, ValueError(), 1)

    async def away(session: Any, envelope: Envelope, event: Any) -> None:
        raise OSError("away")

    letters = DeadLetters(service.db, "group", {service.event: away}, keys=TEST_KEYS)
    with pytest.raises(OSError, match="away"):
        await letters.replay(by="operator")
    assert [letter.attempts for letter in await service.letters()] == [1]


def test_a_relay_is_woken_by_its_own_database_for_as_long_as_it_listens() -> None:
    class Engine:
        sync_engine: Any

    engine, other, calls = Engine(), Engine(), 0
    engine.sync_engine, other.sync_engine = Engine(), Engine()

    def wake() -> None:
        nonlocal calls
        calls += 1

    def commit(on: Any) -> None:
        outbox._wake(SimpleNamespace(get_bind=lambda: SimpleNamespace(engine=on.sync_engine)))  # type: ignore[arg-type]

    with outbox.woken(engine, wake):  # type: ignore[arg-type]
        commit(engine)
        commit(other)
    commit(engine)
    assert calls == 1
