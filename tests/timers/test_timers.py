"""Deadlines and recurring jobs: done once, never lost, tried again when they fail."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select

from shared.ids import new_id
from shared.journal import journal
from shared.timers import Due, Job, TimerHandler, TimerWorker, at, cancel, timers
from shared.work import Work
from tests.support.folder import clerk, mark, open_folder
from tests.support.house import House
from tests.support.parts import leak, running
from tests.support.waiting import eventually

HOUR = timedelta(hours=1)


def _worker(house: House, handler: TimerHandler, jobs: list[Job] | None = None) -> TimerWorker:
    return TimerWorker(house.commands, {"remind": handler}, jobs or [])


async def _set(house: House, subject: UUID, in_: timedelta) -> None:
    async with house.commands.work(clerk(), mark()) as work:
        await at(work.session, "remind", subject, house.clock.now() + in_, {"why": "late"})


async def _open(work: Work, due: Due) -> None:
    await open_folder(work, str(due.data.get("why", "job")))


async def _count(house: House, table) -> int:  # type: ignore[no-untyped-def]
    async with house.db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)))


async def test_a_timer_waits_until_it_is_due_and_is_done_once(house: House) -> None:
    worker = _worker(house, _open)
    await _set(house, new_id(), HOUR)
    assert not await worker.work_one()
    house.clock.advance(HOUR)
    assert await worker.work_one()
    assert not await worker.work_one()
    assert await _count(house, journal) == 1


async def test_setting_a_timer_again_moves_it_and_cancelling_forgets_it(house: House) -> None:
    worker, subject = _worker(house, _open), new_id()
    await _set(house, subject, HOUR)
    await _set(house, subject, 3 * HOUR)
    house.clock.advance(2 * HOUR)
    assert not await worker.work_one()
    async with house.commands.work(clerk(), mark()) as work:
        await cancel(work.session, "remind", subject)
    house.clock.advance(2 * HOUR)
    assert not await worker.work_one()


async def test_a_failing_timer_is_kept_and_tried_again_later_without_its_effect(house: House) -> None:
    fail = True

    async def flaky(work: Work, due: Due) -> None:
        await open_folder(work, "A")
        if fail:
            raise RuntimeError("not now")

    worker = _worker(house, flaky)
    await _set(house, new_id(), timedelta(0))
    await worker.work_one()
    assert await _count(house, journal) == 0
    assert not await worker.work_one(), "it waits before it is tried again"
    fail = False
    house.clock.advance(HOUR)
    await worker.work_one()
    assert await _count(house, journal) == 1


async def test_a_failing_timer_does_not_hold_up_the_others(house: House) -> None:
    poison = new_id()

    async def handler(work: Work, due: Due) -> None:
        if due.subject_id == poison:
            raise RuntimeError("always")
        await _open(work, due)

    worker = _worker(house, handler)
    await _set(house, poison, timedelta(0))
    await _set(house, new_id(), timedelta(0))
    while await worker.work_one():
        pass
    assert await _count(house, journal) == 1


async def test_many_workers_do_each_timer_once(house: House) -> None:
    for _ in range(20):
        await _set(house, new_id(), timedelta(0))

    async def drain() -> None:
        worker = _worker(house, _open)
        while await worker.work_one():
            pass

    await asyncio.gather(drain(), drain(), drain())
    assert await _count(house, journal) == 20
    assert await _count(house, timers) == 0


async def test_a_recurring_job_runs_once_after_an_outage_not_once_for_each_miss(house: House) -> None:
    worker = _worker(house, _open, [Job("tidy", HOUR, _open)])
    await worker.ensure_jobs()
    await worker.ensure_jobs()
    assert await worker.work_one()
    house.clock.advance(10 * HOUR)
    assert await worker.work_one()
    assert not await worker.work_one()
    house.clock.advance(HOUR)
    assert await worker.work_one()


async def test_handler_that_lets_a_cancellation_out_is_put_off_and_the_others_go_on(house: House) -> None:
    """[faults 36] It would end the worker, and be the first one again after each restart."""
    poison = new_id()

    async def handler(work: Work, due: Due) -> None:
        if due.subject_id == poison:
            await leak()
        await _open(work, due)

    worker = _worker(house, handler)
    await _set(house, poison, timedelta(0))
    await _set(house, new_id(), timedelta(0))
    async with running(worker.run()):
        await eventually(partial(_opened, house, 1))
        assert worker.failing_for() == timedelta(0)
    assert await _count(house, timers) == 1


async def test_worker_outlives_a_round_that_lets_a_cancellation_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[faults 36]"""
    worker = _worker(house, _open)
    whole = worker.ensure_jobs
    rounds = 0

    async def leaks_once() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            await leak()
        await whole()

    monkeypatch.setattr(worker, "ensure_jobs", leaks_once)
    await _set(house, new_id(), timedelta(0))
    async with running(worker.run()):
        await eventually(partial(_opened, house, 1))
    assert rounds == 2


async def _opened(house: House, number: int) -> bool:
    return await _count(house, journal) == number
