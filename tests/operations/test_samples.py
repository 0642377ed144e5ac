"""Samples: numbers of a service, taken each minute, kept for two days, and told as series."""

from datetime import timedelta

from shared.clock import ManualClock
from shared.http.recent import Tally
from shared.operations.samples import store
from shared.operations.samples.taking import sampling_job, values_of
from shared.operations.state.schemas import (
    ConsumerState,
    DatabaseState,
    JournalState,
    OutboxState,
    ProcessState,
    RequestsState,
    Stored,
    TopicState,
)
from shared.timers import TimerWorker
from tests.operations.conftest import NOW
from tests.support.letters import LetterBox

SAMPLES = "/v1/review/operations/samples"


def _requests(seconds: float, status: int = 200) -> RequestsState:
    tally = Tally()
    tally.count(status, seconds)
    return RequestsState(
        requests=tally.requests, errors=tally.errors, by_duration=tally.by_duration, routes=[], slow=[]
    )


async def test_the_job_takes_a_sample_each_minute_and_keeps_two_days(box: LetterBox, clock: ManualClock) -> None:
    await box.report(["api"], requests=_requests(0.2, 500))
    state = box.service.app.state
    worker = TimerWorker(state.runtime.commands, {}, [sampling_job("review", state.queues, state.parts_needed)])
    await worker.ensure_jobs()
    await worker.work_one()
    await box.park(KeyError())
    clock.advance(timedelta(minutes=1))
    await worker.work_one()

    found = (await box.get(f"{SAMPLES}?hours=3")).json()
    assert (found["hours"], found["step_seconds"]) == (3, 120)
    series = {one["name"]: [point["value"] for point in one["points"]] for one in found["series"]}
    assert series["letters"] == [1], "two minutes are one step: the greatest value stands"
    assert (series["requests"], series["errors"], series["queue:payment-differences"]) == ([1], [1], [0])
    assert len((await box.get(f"{SAMPLES}?hours=1")).json()["series"][0]["points"]) == 2
    for odd in ("0", "49", "x"):
        assert (await box.get(f"{SAMPLES}?hours={odd}")).status_code == 422

    clock.advance(timedelta(hours=48))
    await worker.work_one()
    assert [row.count for row in await box.rows("SELECT count(DISTINCT at) FROM samples")] == [2]
    clock.advance(timedelta(minutes=1))
    await worker.work_one()
    assert [row.count for row in await box.rows("SELECT count(DISTINCT at) FROM samples")] == [2]


async def test_a_sample_of_the_same_minute_is_replaced(box: LetterBox) -> None:
    async with box.service.db.transaction() as session:
        await store.keep(session, NOW, {"outbox": 3})
        await store.keep(session, NOW + timedelta(seconds=20), {"outbox": 5})
    async with box.service.db.read() as session:
        assert await store.series(session, NOW, 1) == {"outbox": [(NOW, 5)]}


def _process(*, is_silent: bool, lag: int, oldest: float | None, seconds: float) -> ProcessState:
    topic = TopicState(topic="application.events", partitions=1, end=9, lag=lag, oldest_seconds=oldest)
    consumer = ConsumerState(phase="running", since=NOW, reason=None, partitions=1, lag=lag, topics=[topic])
    return ProcessState(
        host="a",
        pid=1,
        version="1",
        parts=["consumer"],
        checks=[],
        relay=None,
        consumer=consumer,
        requests=_requests(seconds),
        memory_bytes=None,
        open_files=None,
        started_at=NOW,
        at=NOW,
        silent_seconds=0,
        is_silent=is_silent,
    )


def test_numbers_of_the_processes_that_report_are_put_together() -> None:
    processes = [
        _process(is_silent=False, lag=2, oldest=None, seconds=0.04),
        _process(is_silent=False, lag=3, oldest=61.5, seconds=0.04),
        _process(is_silent=True, lag=100, oldest=900, seconds=9),
    ]
    state = Stored(
        processes=processes,
        parts_missing=[],
        outbox=OutboxState(rows=4, oldest_at=NOW - timedelta(seconds=30)),
        letters={"parked": 1, "refused": 2, "waiting": 9},
        open_orders=0,
        timers=[],
        queues=[],
        journal=JournalState(seals=0, sealed_at=None, unsealed_since=None),
        database=DatabaseState(connections=7, longest_transaction_seconds=0, bytes=1),
    )
    values = values_of(state, NOW)
    assert values | {"slow": round(values["slow"])} == {
        "outbox": 4,
        "outbox-oldest": 30,
        "lag": 5,
        "unread-oldest": 61.5,
        "letters": 3,
        "timers-late": 0,
        "unsealed": 0,
        "connections": 7,
        "requests": 2,
        "errors": 0,
        "slow": 49,
    }
    assert "slow" not in values_of(state.model_copy(update={"processes": []}), NOW), "no request has no duration"
