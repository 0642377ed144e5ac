"""Invariants between services: counts of one hour travel as an event, and are compared with what has arrived."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, text

from services.application.audit import Tag
from services.application.invariants import FACTS
from services.review.invariants import INVARIANTS
from shared.clock import ManualClock
from shared.counting import all_seen, count_job
from shared.events.application import ApplicationEventsCounted, ApplicationSubmitted
from shared.events.counted import EventsCounted
from shared.events.notification import NotificationEventsCounted
from shared.ids import first_id, new_id
from shared.messaging.tables import dead_letters, inbox, outbox, sent_events
from shared.timers import TimerWorker
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.review.desk import filed
from tests.support.service import RunningService, running
from tests.support.tokens import officer

FILED = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
HOUR = "2026-11-20T03Z"


@dataclass
class Pair:
    """A service that sends events, and one that takes them."""

    application: RunningService
    review: RunningService
    clock: ManualClock

    async def count(self) -> list[Any]:
        """The counts that the sender records now, which the other one takes."""
        before = len(await self.application.events())
        commands = self.application.app.state.runtime.commands
        worker = TimerWorker(commands, {}, [count_job(ApplicationEventsCounted, FACTS)])
        await worker.ensure_jobs()
        while await worker.work_one():
            pass
        counted: list[Any] = [*await self.application.events()][before:]
        await self.review.deliver(*counted)
        for each in counted:
            # The other service whose events review takes had none in that hour.
            await self.review.deliver(NotificationEventsCounted.example(hour=each.hour, counts=()))
        return counted

    async def violations(self, name: str) -> list[str]:
        handlers = self.review.app.state.handlers
        between = {each.name: each for each in (*INVARIANTS, all_seen("review", handlers))}
        async with self.review.db.read() as session:
            found = await session.execute(text(between[name].violations), {"now": self.clock.now()})
            return list(found.scalars())


@pytest.fixture
async def pair(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Pair]:
    """A service that has counted its events since two o'clock, and one that takes them; it is half past three."""
    clock = ManualClock(FILED - timedelta(hours=1))
    async with (
        running("application", service_database("application"), clock=clock) as application,
        running("review", service_database("review"), clock=clock) as review,
    ):
        found = Pair(application, review, clock)
        assert await found.count() == [], "of its first hour a service knows a part"
        clock.advance(timedelta(hours=1))
        yield found


async def file(pair: Pair) -> tuple[UUID, UUID]:
    """An application that was filed, with its event sent; the ids of both."""
    application_id = new_id()
    event_id = UUID(int=first_id(FILED).int | (new_id().int & (2**64 - 1)))
    async with pair.application.app.state.runtime.commands.work(officer(), RequestIdentity("test")) as work:
        work.journal("application", application_id, Tag.SUBMIT)
    async with pair.application.db.transaction() as session:
        kinds = {event_id: ApplicationSubmitted.event_type(), UUID(int=event_id.int + 1): "zairyu.NobodyHere.v1"}
        for each, kind in kinds.items():
            row = {"event_id": each, "type": kind, "key": str(application_id), "recorded_at": FILED}
            await session.execute(insert(sent_events).values(row))
    return application_id, event_id


async def take(pair: Pair, application_id: UUID, event_id: UUID) -> None:
    """The event has its effect in review."""
    await pair.review.deliver(filed(application_id=application_id, submitted_at=FILED.isoformat()))
    async with pair.review.db.transaction() as session:
        await session.execute(insert(inbox).values(consumer_group="review", event_id=event_id))


async def test_an_event_that_did_not_arrive_is_a_violation_of_its_hour(pair: Pair) -> None:
    (first, first_event), (second, second_event) = await file(pair), await file(pair)
    await take(pair, first, first_event)
    pair.clock.advance(timedelta(minutes=50))
    (counted,) = await pair.count()
    assert {each.type: each.count for each in counted.counts} == {
        ApplicationSubmitted.event_type(): 2,
        "zairyu.NobodyHere.v1": 2,
        "application.received": 2,
    }
    assert await pair.count() == [], "an hour is counted once"
    assert await pair.violations("events-seen") == [], "what is late may still arrive"

    pair.clock.advance(timedelta(minutes=50))
    assert await pair.violations("events-seen") == [HOUR]
    assert await pair.violations("received-has-case") == [HOUR]

    letter = {
        "id": new_id(),
        "consumer_group": "review",
        "topic": "application.events",
        "partition": 0,
        "log_offset": 1,
        "key": str(second),
        "value": b"",
        "headers": [],
        "event_id": second_event,
        "status": "parked",
        "attempts": 1,
        "first_failed_at": FILED,
    }
    async with pair.review.db.transaction() as session:
        await session.execute(insert(dead_letters).values(letter))
    assert await pair.violations("events-seen") == [], "a dead letter was seen"
    assert await pair.violations("received-has-case") == [HOUR]

    async with pair.review.db.transaction() as session:
        await session.execute(delete(dead_letters))
    await take(pair, second, second_event)
    assert await pair.violations("events-seen") == []
    assert await pair.violations("received-has-case") == []


@pytest.mark.parametrize("service", ["registration", "application", "document", "review", "notification"])
def test_a_service_that_takes_events_of_another_keeps_its_counts(service: str) -> None:
    """Otherwise no hour is ever compared there, and nobody notices."""
    commands = SimpleNamespace(handler=lambda command: command)
    taken = list(import_module(f"services.{service}.handlers").handlers(commands))
    counted = {event.source() for event in taken if issubclass(event, EventsCounted)}
    assert counted == {event.topic.partition(".")[0] for event in taken}


async def test_an_hour_is_counted_when_all_of_its_events_were_sent(pair: Pair) -> None:
    await file(pair)
    waiting = {
        "id": first_id(FILED),
        "aggregatetype": "application.events",
        "aggregateid": "x",
        "type": "x",
        "payload": b"{}",
        "headers": [],
    }
    pair.clock.advance(timedelta(minutes=50))
    async with pair.application.db.transaction() as session:
        await session.execute(insert(outbox).values(waiting))
    commands = pair.application.app.state.runtime.commands
    worker = TimerWorker(commands, {}, [count_job(ApplicationEventsCounted, FACTS)])
    await worker.ensure_jobs()
    while await worker.work_one():
        pass
    async with pair.application.db.read() as session:
        counted = "SELECT count(*) FROM event_counts WHERE source = 'application'"
        assert await session.scalar(text(counted)) == 0
