"""One application in one service: its steps, timers and events, for operators; each look is journalled."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from shared.auth import Role
from shared.clock import ManualClock
from shared.ids import first_id, new_id
from shared.journal import journal
from shared.messaging import MemoryBroker, MemoryProducer, Relay, outbox
from shared.messaging.tables import dead_letters, inbox, sent_events
from tests.infra.databases import TestDatabase
from tests.services.review.desk import Desk
from tests.support.letters import fresh
from tests.support.parts import running as running_part
from tests.support.service import running
from tests.support.tokens import bearer, officer

PATH = "/v1/review/operations"
OPERATOR = officer(Role.OPERATOR)


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Desk]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with running("review", service_database("review"), clock=clock) as started:
        yield Desk(started, clock)


async def get(desk: Desk, path: str) -> Any:
    answer = await desk.service.client.get(f"{PATH}{path}", headers=bearer(fresh(OPERATOR, desk.clock), desk.clock))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def relayed(desk: Desk) -> None:
    """The outbox, sent to a broker in memory."""
    relay = Relay(desk.service.db, MemoryProducer(MemoryBroker(partitions=1)))
    async with running_part(relay.run()):
        while await desk.service.events():
            relay.wake()


async def test_steps_timers_and_events_of_a_case_are_followed(desk: Desk) -> None:
    case = await desk.open()
    await desk.done(desk.examiner, case.id, "start")
    number = f"/applications?receipt_number={case.receipt_number}"
    assert await get(desk, number) == {"application_id": str(case.application_id)}
    followed = await get(desk, f"/applications/{case.application_id}")
    commands = [(step["name"], step["by"]) for step in followed["steps"] if step["kind"] == "command"]
    assert commands == [("case:open", "review/handlers"), ("case:start", "officer")]
    assert {step["subject"] for step in followed["steps"]} == {str(case.id)}
    assert [(event["type"], event["sent_at"]) for event in followed["events"]][-1] == ("zairyu.ReviewStarted.v1", None)
    waiting = {event["event_id"] for event in followed["events"]}

    await relayed(desk)
    sent = (await get(desk, f"/applications/{case.application_id}"))["events"]
    assert {event["event_id"] for event in sent} == waiting
    assert all(event["sent_at"] for event in sent)
    assert "person" not in str(followed)

    async with desk.service.db.read() as session:
        looks = select(journal.c.detail).where(journal.c.action == "journal:follow").order_by(journal.c.position)
        details = [row.detail for row in await session.execute(looks)]
    assert details[0] == {"receipt_number": case.receipt_number}
    assert details[1:] == [{"application_id": str(case.application_id)}] * 2


async def test_a_group_says_which_events_it_has_seen(desk: Desk) -> None:
    ids = {name: new_id() for name in ("handled", "parked", "missing")}
    letter = {
        "id": new_id(),
        "consumer_group": "review",
        "topic": "application.events",
        "partition": 0,
        "log_offset": 1,
        "key": str(new_id()),
        "value": b"",
        "headers": [],
        "event_id": ids["parked"],
        "status": "parked",
        "attempts": 1,
        "first_failed_at": desk.clock.now(),
    }
    async with desk.service.db.transaction() as session:
        await session.execute(insert(inbox).values(consumer_group="review", event_id=ids["handled"]))
        await session.execute(insert(inbox).values(consumer_group="another", event_id=ids["missing"]))
        await session.execute(insert(dead_letters).values(letter))
    seen = await get(desk, "/events?" + "&".join(f"id={each}" for each in ids.values()))
    assert {one["event_id"]: one["state"] for one in seen["taken"]} == {
        str(ids["handled"]): "handled",
        str(ids["parked"]): "parked",
    }
    assert "zairyu.ApplicationSubmitted.v1" in seen["subscriptions"]


@pytest.mark.parametrize(
    "path", ["/events?id={}", "/applications/{}", "/applications?receipt_number={}", "/invariants?{}"]
)
async def test_only_operators_who_proved_who_they_are_follow(desk: Desk, path: str) -> None:
    asked = f"{PATH}{path.format(new_id())}"
    own = fresh(OPERATOR, desk.clock)
    wrong = [fresh(officer(role), desk.clock) for role in (Role.AUDITOR, Role.ADMINISTRATOR)]
    for actor in (OPERATOR, *wrong, replace(own, kind="person"), replace(own, scopes=frozenset({"review:read"}))):
        assert (await desk.service.client.get(asked, headers=bearer(actor, desk.clock))).status_code == 403
    answer = await desk.service.client.get(asked, headers=bearer(own, desk.clock))
    assert answer.status_code == (404 if "receipt" in path else 200)
    assert (await desk.service.client.get(asked)).status_code == 401


async def test_sent_events_are_forgotten_after_their_time(desk: Desk) -> None:
    old, young = first_id(desk.clock.now() - timedelta(days=30)), new_id()
    async with desk.service.db.transaction() as session:
        for each in (old, young):
            row = {"event_id": each, "type": "x", "key": "k", "recorded_at": desk.clock.now()}
            await session.execute(insert(sent_events).values(row))
        await outbox.forget(session, desk.clock.now(), timedelta(days=14))
        assert (await session.scalars(select(sent_events.c.event_id))).all() == [young]
