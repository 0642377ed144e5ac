"""The processes of a service: each reports itself, and the one that answers shows all of them."""

import time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.clock import ManualClock
from shared.ids import new_id
from shared.messaging import Consumer, MemoryBroker, MemorySource
from shared.messaging.message import Partition
from shared.messaging.ports import Progress
from shared.operations.state import observing, processes, reports
from shared.operations.state.processes import keep, leave
from tests.support.keys import event_keys
from tests.support.letters import LetterBox
from tests.support.waiting import eventually

STATE = "/v1/review/operations/state"


async def stored(box: LetterBox) -> Any:
    return (await box.get(STATE)).json()["stored"]


async def grow_older(box: LetterBox, process_id: UUID, seconds: int) -> None:
    async with box.service.db.transaction() as session:
        older = f"UPDATE process_states SET at = at - interval '{seconds} seconds' WHERE id = '{process_id}'"
        await session.execute(text(older))


async def test_a_part_is_missing_until_a_process_runs_it_and_half_a_minute_after_its_last_report(
    box: LetterBox,
) -> None:
    assert (await stored(box))["parts_missing"] == ["consumer", "jobs", "relay"], "the one that answers has api alone"
    other = await box.report(["relay", "jobs"])
    assert (await stored(box))["parts_missing"] == ["consumer"]
    await grow_older(box, other, 31)
    found = await stored(box)
    assert found["parts_missing"] == ["consumer", "jobs", "relay"]
    assert [(each["host"], each["is_silent"]) for each in found["processes"]] == [("b", True)]
    await grow_older(box, other, 90)
    assert (await stored(box))["processes"] == []
    third = await box.report(["jobs"])
    assert [each.id for each in await box.rows("SELECT id FROM process_states")] == [third], "old reports are forgotten"
    await leave(box.service.db, third)
    assert (await stored(box))["processes"] == []


async def test_a_process_reports_what_it_is_and_keeps_its_start(box: LetterBox) -> None:
    made = await observing.observe(box.service.app)
    assert (made.parts, made.relay, made.consumer) == (["api"], None, None)
    assert {check.name for check in made.checks} == {"database", "token-keys"}
    process_id = new_id()
    for _ in range(2):
        async with box.service.db.transaction() as session:
            await keep(session, process_id, made)
    (row,) = await box.rows("SELECT at, started_at, pid FROM process_states")
    assert (row.at > row.started_at, row.pid) == (True, made.pid)


async def test_a_consumer_reports_what_it_has_to_take_of_each_topic(box: LetterBox, clock: ManualClock) -> None:
    source = MemorySource.maker(MemoryBroker(partitions=2), "review", ["application.events"])
    consumer = Consumer(box.service.db, source, "review", {}, keys=event_keys("review"), clock=clock)
    box.service.app.state.consumer = consumer
    consumer._watchdog.progress = {
        Partition("b.events", 0): Progress(end=7, committed=7),
        Partition("a.events", 0): Progress(end=10, committed=8),
        Partition("a.events", 1): Progress(end=5, committed=4),
    }
    made = observing.consumer(box.service.app)
    assert made is not None
    assert made.topics == [], "a member without partitions is answered about those of others"
    consumer._joined(3)
    consumer._watchdog._arrivals.see(consumer._watchdog.progress, time.monotonic() - 60)
    made = observing.consumer(box.service.app)
    assert made is not None
    assert [(each.topic, each.partitions, each.end, each.lag) for each in made.topics] == [
        ("a.events", 2, 15, 3),
        ("b.events", 1, 7, 0),
    ]
    assert made.lag == 3
    ages = [each.oldest_seconds for each in made.topics]
    assert ages[0] is not None
    assert (ages[0] >= 60, ages[1]) == (True, None)


async def test_the_row_is_there_while_the_process_runs(box: LetterBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_FIRST_SECONDS", 0)
    async with processes.reporting(box.service.app):
        rows = await eventually(lambda: box.rows("SELECT parts FROM process_states"))
        assert [row.parts for row in rows] == [["api"]]
    assert await box.rows("SELECT parts FROM process_states") == []
