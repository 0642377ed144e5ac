"""Deadlines and recurring jobs: done once, never lost, tried again when they fail."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select

from shared.ids import new_id
from shared.journal import journal
from shared.timers import Due, Job, TimerHandler, TimerWorker, at, cancel, runs, timers
from shared.work import Work
from tests.support.folder import Folder, Opened, clerk, open_folder, rename_folder, request_identity
from tests.support.folder_service import FolderService
from tests.support.parts import leak, running
from tests.support.waiting import eventually

HOUR = timedelta(hours=1)


def _worker(service: FolderService, handler: TimerHandler, jobs: list[Job] | None = None) -> TimerWorker:
    return TimerWorker(service.commands, {"remind": handler}, jobs or [])


async def _set(service: FolderService, subject: UUID, in_: timedelta) -> None:
    async with service.commands.work(clerk(), request_identity()) as work:
        await at(work.session, "remind", subject, service.clock.now() + in_, {"why": "late"})


async def _open(work: Work, due: Due) -> None:
    await open_folder(work, str(due.data.get("why", "job")))


async def _count(service: FolderService, table) -> int:  # type: ignore[no-untyped-def]
    async with service.db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)))


async def test_a_timer_waits_until_it_is_due_and_is_done_once(service: FolderService) -> None:
    worker = _worker(service, _open)
    await _set(service, new_id(), HOUR)
    assert not await worker.work_one()
    service.clock.advance(HOUR)
    assert await worker.work_one()
    assert not await worker.work_one()
    assert await _count(service, journal) == 1


async def test_setting_a_timer_again_moves_it_and_cancelling_forgets_it(service: FolderService) -> None:
    worker, subject = _worker(service, _open), new_id()
    await _set(service, subject, HOUR)
    await _set(service, subject, 3 * HOUR)
    service.clock.advance(2 * HOUR)
    assert not await worker.work_one()
    async with service.commands.work(clerk(), request_identity()) as work:
        await cancel(work.session, "remind", subject)
    service.clock.advance(2 * HOUR)
    assert not await worker.work_one()


async def test_a_failing_timer_is_kept_and_tried_again_later_without_its_effect(service: FolderService) -> None:
    fail = True

    async def flaky(work: Work, due: Due) -> None:
        await open_folder(work, "A")
        if fail:
            raise RuntimeError("not now")

    worker = _worker(service, flaky)
    await _set(service, new_id(), timedelta(0))
    await worker.work_one()
    assert await _count(service, journal) == 0
    assert not await worker.work_one(), "it waits before it is tried again"
    fail = False
    service.clock.advance(HOUR)
    await worker.work_one()
    assert await _count(service, journal) == 1


async def test_a_failing_timer_does_not_hold_up_the_others(service: FolderService) -> None:
    poison = new_id()

    async def handler(work: Work, due: Due) -> None:
        if due.subject_id == poison:
            raise RuntimeError("always")
        await _open(work, due)

    worker = _worker(service, handler)
    await _set(service, poison, timedelta(0))
    await _set(service, new_id(), timedelta(0))
    while await worker.work_one():
        pass
    assert await _count(service, journal) == 1


async def test_many_workers_do_each_timer_once(service: FolderService) -> None:
    for _ in range(20):
        await _set(service, new_id(), timedelta(0))

    async def drain() -> None:
        worker = _worker(service, _open)
        while await worker.work_one():
            pass

    await asyncio.gather(drain(), drain(), drain())
    assert await _count(service, journal) == 20
    assert await _count(service, timers) == 0


async def test_a_recurring_job_runs_once_after_an_outage_not_once_for_each_miss(service: FolderService) -> None:
    worker = _worker(service, _open, [Job("tidy", HOUR, _open)])
    await worker.ensure_jobs()
    await worker.ensure_jobs()
    assert await worker.work_one()
    service.clock.advance(10 * HOUR)
    assert await worker.work_one()
    assert not await worker.work_one()
    service.clock.advance(HOUR)
    assert await worker.work_one()


async def test_the_last_run_of_a_job_is_kept_with_its_length_its_error_and_what_it_found(
    service: FolderService,
) -> None:
    error: Exception | None = None
    seen = []

    async def tidy(work: Work, due: Due) -> dict[str, float]:
        seen.append(worker.working_on())
        if error:
            raise error
        return {"missing": 2}

    worker = _worker(service, tidy, [Job("tidy", HOUR, tidy)])
    await worker.ensure_jobs()
    began = service.clock.now()
    await worker.work_one()
    service.clock.advance(HOUR)
    error = KeyError()
    await worker.work_one()
    async with service.db.read() as session:
        run = (await runs.read(session))["job:tidy"]
    assert (run.started_at, run.succeeded_at, run.error) == (began + HOUR, began, "KeyError")
    assert run.found == {"missing": 2}, "a run that failed found nothing"
    assert run.milliseconds >= 0
    assert [kind for kind, _ in filter(None, seen)] == ["job:tidy"] * 2
    assert worker.working_on() is None
    await _set(service, new_id(), timedelta(0))
    await worker.work_one()
    async with service.db.read() as session:
        assert list(await runs.read(session)) == ["job:tidy"], "what does not recur has no last run"


async def test_handler_that_lets_a_cancellation_out_is_put_off_and_the_others_go_on(service: FolderService) -> None:
    """[faults 36] It would end the worker, and be the first one again after each restart."""
    poison = new_id()

    async def handler(work: Work, due: Due) -> None:
        if due.subject_id == poison:
            await leak()
        await _open(work, due)

    worker = _worker(service, handler)
    await _set(service, poison, timedelta(0))
    await _set(service, new_id(), timedelta(0))
    async with running(worker.run()):
        await eventually(partial(_opened, service, 1))
        assert worker.failing_for() == timedelta(0)
    assert await _count(service, timers) == 1


async def test_worker_outlives_a_round_that_lets_a_cancellation_out(
    service: FolderService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[faults 36]"""
    worker = _worker(service, _open)
    whole = worker.ensure_jobs
    rounds = 0

    async def leaks_once() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            await leak()
        await whole()

    monkeypatch.setattr(worker, "ensure_jobs", leaks_once)
    await _set(service, new_id(), timedelta(0))
    async with running(worker.run()):
        await eventually(partial(_opened, service, 1))
    assert rounds == 2


async def test_worker_looks_for_a_timer_only_while_one_is_due(
    service: FolderService, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = TimerWorker(service.commands, {"remind": _open}, pause=0.01)
    asked: list[str] = []

    def noted(name: str) -> None:
        whole = getattr(worker, name)

        async def ask() -> bool:
            asked.append(name)
            return bool(await whole())

        monkeypatch.setattr(worker, name, ask)

    async def has_asked(times: int) -> bool:
        return len(asked) >= times

    noted("work_one")
    noted("_any_due")
    async with running(worker.run()):
        await eventually(partial(has_asked, 3))
        assert set(asked) == {"_any_due"}
        await _set(service, new_id(), timedelta(0))
        await eventually(partial(_opened, service, 1))


async def _opened(service: FolderService, number: int) -> bool:
    return await _count(service, journal) == number


async def test_a_command_and_a_timer_of_one_record_that_wait_for_each_other_are_both_done(
    service: FolderService,
) -> None:
    """The command takes its record and then the timer, the worker the timer and then the record: the database ends one
    of them, which starts again. The caller gets an answer and no error."""
    opened = await service.commands.run(clerk(), request_identity(), partial(open_folder, label="A"))
    timer_taken, record_locked = asyncio.Event(), asyncio.Event()

    async def handler(work: Work, due: Due) -> None:
        timer_taken.set()
        await record_locked.wait()
        await work.session.get_one(Folder, opened.id, with_for_update=True)

    async def settle(work: Work) -> Opened:
        await work.session.get_one(Folder, opened.id, with_for_update=True)
        record_locked.set()
        await timer_taken.wait()
        await cancel(work.session, "remind", subject)
        return await rename_folder(work, opened.id, "B")

    worker, subject = _worker(service, handler), new_id()
    await _set(service, subject, timedelta(0))
    answer, _ = await asyncio.gather(service.commands.run(clerk(), request_identity(), settle), worker.work_one())
    assert answer.label == "B"
    assert await _count(service, timers) == 0
