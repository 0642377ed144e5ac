"""The state of a service: what runs and what waits, also while its database is away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from services.document.files.store.scans import signatures_made
from services.document.files.store.spending import charge, refused_recently
from services.registration.authentication.store.sign_in import attacks, strongest_sources, throttles
from shared.auth import Role
from shared.clock import ManualClock
from shared.db import Database
from shared.ids import new_id
from shared.messaging import Consumer, MemoryBroker, MemoryProducer, MemorySource, Relay
from shared.messaging.tables import dead_letters
from shared.operations.state.queues import Queue, rows_since
from shared.timers import at, runs
from tests.guards.test_route_permissions import build
from tests.infra.databases import TestDatabase
from tests.operations.conftest import NOW
from tests.services.review.desk import filed
from tests.support.keys import event_keys
from tests.support.letters import LetterBox, fresh
from tests.support.tokens import officer

STATE = "/v1/review/operations/state"


async def test_what_waits_and_what_is_late_is_counted(box: LetterBox, clock: ManualClock) -> None:
    await box.park(KeyError(), waiting=1)
    await box.order("drop")
    await box.service.deliver(filed())
    async with box.service.db.transaction() as session:
        for hours in (-2, -1, 3):
            await at(session, "reminder", new_id(), clock.now() + timedelta(hours=hours))
    found = (await box.get(STATE)).json()
    assert [check["name"] for check in found["checks"] if check["is_good"]] == ["database", "token-keys"]
    stored = found["stored"]
    assert (stored["letters"]["parked"], stored["letters"]["waiting"], stored["open_orders"]) == (1, 1, 1)
    assert (stored["outbox"]["rows"], bool(stored["outbox"]["oldest_at"])) == (1, True)
    async with box.service.db.transaction() as session:
        await at(session, "job:sweep", new_id(), clock.now() + timedelta(hours=1))
        await runs.keep(session, "job:sweep", clock.now(), 1200)
    sweep = next(one for one in (await box.get(STATE)).json()["stored"]["timers"] if one["kind"] == "job:sweep")
    assert (sweep["last_run"]["milliseconds"], sweep["last_run"]["error"]) == (1200, None)
    reminders = next(one for one in stored["timers"] if one["kind"] == "reminder")
    assert (reminders["due"], reminders["waiting"], reminders["failing"]) == (2, 1, 0)
    assert reminders["last_run"] is None
    assert (reminders["oldest_due_at"], reminders["next_at"]) == ("2026-11-20T01:00:00Z", "2026-11-20T06:00:00Z")
    assert (stored["journal"]["seals"], stored["journal"]["unsealed_since"]) == (0, "2026-11-20T03:00:00Z")
    assert stored["database"]["connections"] >= 1


async def test_it_answers_while_its_database_is_away(box: LetterBox, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: Database) -> None:
        raise OperationalError("", {}, OSError())

    monkeypatch.setattr(Database, "read", away)
    answer = await box.get(STATE)
    assert (answer.status_code, answer.json()["stored"]) == (200, None)
    failing = [check for check in answer.json()["checks"] if not check["is_good"]]
    assert [(check["name"], check["reason"]) for check in failing] == [("database", "OperationalError")]


@pytest.mark.parametrize(
    ("oldest", "is_late"), [(None, False), (NOW, False), (NOW - timedelta(hours=1), False), (NOW - timedelta(2), True)]
)
def test_a_queue_is_late_after_its_time(oldest: datetime | None, is_late: bool) -> None:
    async def measure(*_: object) -> tuple[int, datetime | None]:
        return 1, oldest

    assert Queue("scans", measure, timedelta(hours=1)).is_late(oldest, NOW) is is_late
    assert not Queue("scans", measure).is_late(oldest, NOW)


@pytest.mark.parametrize("service", ["registration", "document", "review", "notification"])
async def test_every_queue_can_be_measured(service: str, service_database: Callable[[str], TestDatabase]) -> None:
    db = Database(service_database(service).url)
    try:
        async with db.read() as session:
            queues = build(service).state.queues
            assert queues
            assert [await queue.measure(session, NOW) for queue in queues] == [(0, None)] * len(queues)
            numbers = [await each(session, NOW) for each in build(service).state.numbers]
            assert all(value == 0 for each in numbers for value in each.values())
    finally:
        await db.close()


async def test_rows_are_counted_from_the_oldest(box: LetterBox, clock: ManualClock) -> None:
    await box.park(KeyError(), waiting=2)
    measure = rows_since(dead_letters.c.first_failed_at, lambda _: dead_letters.c.status == "waiting")
    async with box.service.db.read() as session:
        assert await measure(session, clock.now()) == (2, NOW)


async def test_relay_and_consumer_of_the_process_say_what_they_do(box: LetterBox, clock: ManualClock) -> None:
    found = (await box.get(STATE)).json()
    assert (found["relay"], found["consumer"]) == (None, None), "this process has neither"
    state, broker = box.service.app.state, MemoryBroker(partitions=1)
    state.relay = Relay(box.service.db, MemoryProducer(broker), clock=clock)
    source = MemorySource.maker(broker, "review", ["application.events"])
    state.consumer = Consumer(box.service.db, source, "review", {}, keys=event_keys("review"), clock=clock)
    found = (await box.get(STATE)).json()
    assert (found["relay"]["phase"], found["relay"]["since"]) == ("starting", "2026-11-20T03:00:00Z")
    assert (found["consumer"]["phase"], found["consumer"]["partitions"]) == ("starting", 0)


async def test_wrong_sign_ins_are_counted_while_their_window_is_open(
    service_database: Callable[[str], TestDatabase],
) -> None:
    db = Database(service_database("registration").url)
    soon, before = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)
    rows = [
        ("sign-in:address", b"a", 60, soon, soon),
        ("sign-in:address", b"b", 3, soon, None),
        ("sign-in:address", b"c", 0, soon, None),
        ("sign-in:address", b"d", 90, before, soon),
        ("sign-in:account", b"e", 21, soon, before),
        ("reset:address", b"f", 7, soon, soon),
    ]
    names = ("scope", "key", "charged", "window_ends", "blocked_until")
    try:
        async with db.transaction() as session:
            await session.execute(insert(throttles).values([dict(zip(names, row, strict=True)) for row in rows]))
        async with db.read() as session:
            assert await attacks(session, NOW) == {
                "wrong-sign-ins": 63,
                "failing-addresses": 2,
                "failing-accounts": 1,
                "slowed-addresses": 1,
                "slowed-accounts": 0,
            }
            found = await strongest_sources(session, NOW, 2)
        assert [(row["kind"], row["mark"], row["attempts"]) for row in found] == [
            ("address", "61", 60),
            ("account", "65", 21),
        ]
        assert [row["blocked_until"] for row in found] == [soon, None]
    finally:
        await db.close()


async def test_files_that_checks_refused_are_those_of_the_hour(service_database: Callable[[str], TestDatabase]) -> None:
    db = Database(service_database("document").url)
    try:
        async with db.transaction() as session:
            await charge(session, {"owner:a", "address:b"}, NOW, 2.5, 3)
            await charge(session, {"owner:a"}, NOW - timedelta(hours=1), 9, 9)
        async with db.read() as session:
            found = await refused_recently(session, NOW + timedelta(minutes=59))
            assert found == {"refused-files": 3, "check-seconds": 2.5}
    finally:
        await db.close()


@pytest.mark.parametrize(
    ("version", "made"),
    [
        ("ClamAV 1.4.2/27500/Fri Nov 20 01:00:00 2026", datetime(2026, 11, 20, 1, tzinfo=UTC)),
        ("ClamAV 1.4.2/27500/Sun Nov  1 01:00:00 2026", datetime(2026, 11, 1, 1, tzinfo=UTC)),
        ("ClamAV 1.4.2", None),
        ("", None),
    ],
)
def test_the_scanner_says_of_when_its_signatures_are(version: str, made: datetime | None) -> None:
    assert signatures_made(version) == made


async def test_an_operator_has_the_journal_verified(box: LetterBox, clock: ManualClock) -> None:
    await box.service.deliver(filed())
    assert (await box.get(STATE)).json()["stored"]["journal"]["rounds"] == []
    answer = await box.post("/v1/review/operations/journal-rounds")
    assert (answer.status_code, answer.json()["ended_at"]) == (201, None)
    (found,) = (await box.get(STATE)).json()["stored"]["journal"]["rounds"]
    assert found["ordered_by"] == str(box.operator.id)
    (line,) = await box.rows("SELECT actor_id FROM journal WHERE action = 'journal:order_verification'")
    assert line.actor_id == box.operator.id
    refused = await box.post("/v1/review/operations/journal-rounds", actor=fresh(officer(Role.AUDITOR), clock))
    assert refused.status_code == 403
    assert (await box.post("/v1/review/operations/journal-rounds", actor=officer(Role.OPERATOR))).status_code == 403
