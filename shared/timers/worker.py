"""The worker that does what is due."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth.actor import Actor
from shared.ids import new_id
from shared.tasks import contained
from shared.timers import runs
from shared.timers.table import timers
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)
DONE = Counter("zairyu_timers_done_total", "Timers worked through", ["kind"])
FAILED = Counter("zairyu_timers_failed_total", "Timers that failed and will be tried again", ["kind"])
OVERDUE = Gauge("zairyu_timers_overdue_seconds", "How late the oldest timer that is due is")

_EVERYTHING = UUID(int=0)  # subject of a recurring job
_RETRY_CAP = timedelta(hours=1)
# Built once: it is asked once a second by every worker.
_OLDEST_DUE = select(func.min(timers.c.due_at)).where(timers.c.due_at <= bindparam("now"))


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that is due."""

    kind: str
    subject_id: UUID
    due_at: datetime
    data: Mapping[str, Any]
    attempts: int


# A job may say what it found, in numbers by name, for the operators' board.
Found = Mapping[str, float]
TimerHandler = Callable[[Work, Due], Awaitable[Found | None]]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that recurs. It must be resumable from its data: after an outage it runs once, not once per miss."""

    name: str
    every: timedelta
    run: TimerHandler


class TimerWorker:
    """Works through due timers of one service; any number of processes may run one each."""

    def __init__(
        self,
        commands: Commands,
        handlers: Mapping[str, TimerHandler],
        jobs: Sequence[Job] = (),
        pause: float = 1.0,
    ) -> None:
        self._commands = commands
        self._db = commands.db
        self._clock = commands.clock
        self._jobs = {f"job:{job.name}": job for job in jobs}
        self._handlers = {**handlers, **{kind: job.run for kind, job in self._jobs.items()}}
        self._pause = pause
        self.failing_since: datetime | None = None
        self._run: _Run | None = None

    def working_on(self) -> tuple[str, float] | None:
        """The kind of the timer that is worked through now, and the seconds since it was begun."""
        run = self._run
        return None if run is None else (run.kind, time.monotonic() - run.begun)

    def failing_for(self) -> timedelta:
        """The time for which no round has succeeded; zero where the last one did."""
        return self._clock.now() - self.failing_since if self.failing_since else timedelta(0)

    async def run(self) -> None:
        """Work until cancelled; an unreachable database is waited for."""
        started = False
        while True:
            try:
                with contained():
                    if not started:
                        await self.ensure_jobs()
                        started = True
                    # Mostly nothing is due, and one question is enough.
                    if await self._any_due():
                        while await self.work_one():
                            pass
                        await self._any_due()
                self.failing_since = None
            except Exception as error:  # the loop must outlive whatever happens to one round
                self.failing_since = self.failing_since or self._clock.now()
                log.warning("timers.round_failed", error_type=type(error).__name__)
            await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads replicas

    async def ensure_jobs(self) -> None:
        """Enter every recurring job that is not in the table yet, due at once."""
        async with self._db.transaction() as session:
            for kind in self._jobs:
                row = {
                    "id": new_id(),
                    "kind": kind,
                    "subject_id": _EVERYTHING,
                    "due_at": self._clock.now(),
                    "data": {},
                    "attempts": 0,
                }
                await session.execute(insert(timers).values(**row).on_conflict_do_nothing())

    async def work_one(self) -> bool:
        """Work through the timer that is due longest; False where none is due."""
        try:
            async with self._db.transaction() as session:
                row = await self._take(session)
                if row is None:
                    return False
                due = Due(row.kind, row.subject_id, row.due_at, row.data, row.attempts)
                self._run = _Run(due.kind, self._clock.now(), time.monotonic())
                await self._do(session, row.id, due, self._run)
        except _Failed as failed:
            await self._put_off(failed)
        finally:
            self._run = None
        return True

    async def _take(self, session: AsyncSession) -> Any:
        ready = (
            select(timers)
            .where(timers.c.due_at <= self._clock.now(), timers.c.kind.in_(list(self._handlers)))
            .order_by(timers.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return (await session.execute(ready)).first()

    async def _do(self, session: AsyncSession, row_id: UUID, due: Due, run: "_Run") -> None:
        mark = RequestIdentity(request_id=f"timer:{due.kind}:{due.subject_id}")
        work = self._commands.begin(session, Actor.system(f"{self._commands.keys.source}/jobs"), mark)
        # Removed first: the handler may set the same timer again.
        await session.execute(delete(timers).where(timers.c.id == row_id))
        try:
            with contained():
                found = await self._handlers[due.kind](work, due)
                await work.finish()
        except Exception as error:
            raise _Failed(row_id, due, run, error) from error
        job = self._jobs.get(due.kind)
        if job is not None:
            planned, now = due.due_at + job.every, self._clock.now()
            following = planned if planned > now else now + job.every
            row = {
                "id": row_id,
                "kind": due.kind,
                "subject_id": due.subject_id,
                "due_at": following,
                "data": {},
                "attempts": 0,
            }
            await session.execute(insert(timers).values(**row))
            await runs.keep(session, due.kind, run.started_at, run.milliseconds(), found=found)
        DONE.labels(due.kind).inc()

    async def _put_off(self, failed: "_Failed") -> None:
        wait = min(timedelta(seconds=2 ** min(failed.due.attempts, 12)), _RETRY_CAP) * random.uniform(0.5, 1)  # noqa: S311
        FAILED.labels(failed.due.kind).inc()
        log.warning(
            "timers.put_off", kind=failed.due.kind, attempts=failed.due.attempts + 1, error_type=failed.error_type
        )
        async with self._db.transaction() as session:
            await session.execute(
                update(timers)
                .where(timers.c.id == failed.row_id)
                .values(due_at=self._clock.now() + wait, attempts=failed.due.attempts + 1, last_error=failed.error_type)
            )
            if failed.due.kind in self._jobs:
                run = failed.run
                await runs.keep(session, run.kind, run.started_at, failed.milliseconds, failed.error_type)

    async def _any_due(self) -> bool:
        """Whether a timer of any worker is due; measures how late the oldest one is."""
        oldest = await self._db.ask(_OLDEST_DUE, {"now": self._clock.now()})
        OVERDUE.set((self._clock.now() - oldest).total_seconds() if oldest else 0)
        return oldest is not None


@dataclass(frozen=True, slots=True)
class _Run:
    kind: str
    started_at: datetime
    begun: float  # by a clock that nobody sets

    def milliseconds(self) -> int:
        return round((time.monotonic() - self.begun) * 1000)


class _Failed(Exception):
    def __init__(self, row_id: UUID, due: Due, run: _Run, error: Exception) -> None:
        self.row_id, self.due, self.run = row_id, due, run
        self.milliseconds = run.milliseconds()
        self.error_type = type(error).__name__
