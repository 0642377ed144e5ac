"""Imports as the service runs them: their reader of books, their limits, and the timers that work on them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from services.application.bulk import store
from services.application.bulk.commands.dividing import RANGE
from services.application.bulk.commands.imports import STEP
from services.application.bulk.commands.steps import range_step, step
from services.application.bulk.domain.limits import Allowed
from services.application.filing.domain.person_keys import PersonKeys
from services.application.sheets.confined import BookReader
from shared.timers import Due, Job, TimerHandler
from shared.work import Work

# Streams of progress that stay open: each holds a connection of the gateway to this service.
_WATCHED, _WATCHED_BY_ONE = 16, 3


@dataclass
class Imports:
    """One for the whole service. `days` are those after which an import is deleted with its file."""

    books: BookReader
    keys: PersonKeys
    allowed: Allowed
    days: int
    _watching: Counter[UUID] = field(default_factory=Counter)

    @contextmanager
    def watched(self, owner_id: UUID) -> Iterator[bool]:
        """Counts a stream of progress; False where the owner, or all together, watch as many as one process serves."""
        most = self._watching[owner_id] >= _WATCHED_BY_ONE or self._watching.total() >= _WATCHED
        self._watching[owner_id] += 1
        try:
            yield not most
        finally:
            self._watching[owner_id] -= 1
            if not self._watching[owner_id]:
                del self._watching[owner_id]

    @property
    def watching(self) -> int:
        """The number of open streams of progress."""
        return self._watching.total()

    def timers(self) -> Mapping[str, TimerHandler]:
        """The handlers that work on imports. A worker of its own runs them, so that they delay no other job."""

        async def run(work: Work, due: Due) -> None:
            await step(self.books)(work, due)

        return {STEP: run, RANGE: range_step(self.keys)}

    def job(self) -> Job:
        """The job that forgets old imports."""

        async def forget(work: Work, _: Due) -> None:
            await store.forget_before(work.session, work.now - timedelta(days=self.days))

        return Job("forget-imports", timedelta(hours=1), forget)
