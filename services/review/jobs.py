"""Timers and recurring jobs of the review service, and the command that each one runs."""

from datetime import timedelta

from services.review.allocation.commands import measure_waiting_cases
from services.review.cases.commands.loading import DOCUMENTS_OVERDUE
from services.review.examination.commands import notice_overdue, restore_timers
from shared.timers import Due, Job, TimerHandler
from shared.work import Work


async def report_overdue(work: Work, due: Due) -> None:
    """A request for documents has reached the end of its due date."""
    await notice_overdue(work, due.subject_id)


async def sweep(work: Work, _: Due) -> None:
    """Measure every kind of waiting, and set lost timers again."""
    await measure_waiting_cases(work)
    await restore_timers(work)


TIMERS: dict[str, TimerHandler] = {DOCUMENTS_OVERDUE: report_overdue}
JOBS = (Job("waiting-cases", timedelta(minutes=5), sweep),)
