"""What the clock starts: overdue documents, and a look at what stands still."""

from datetime import timedelta

from prometheus_client import Gauge

from services.review.audit import Tag
from services.review.commands.examination import overdue_from
from services.review.commands.loading import DOCUMENTS_OVERDUE, told
from services.review.domain.waits import WAITS
from services.review.store import Case, DocumentRequest
from services.review.store.queries import standing, unnoticed_overdue
from shared.clock import legal_date
from shared.events.review import AdditionalDocumentsOverdue
from shared.timers import Due, Job, TimerHandler, at
from shared.work import Work

WAITING = Gauge("zairyu_review_waiting_cases", "Cases that wait, by what for", ["wait"])
LATE = Gauge("zairyu_review_late_cases", "Cases that wait longer than the target, by what for", ["wait"])
OLDEST = Gauge("zairyu_review_waiting_oldest_seconds", "How long the oldest case has waited, by what for", ["wait"])

_REDRIVEN_AT_ONCE = 500


async def notice_overdue(work: Work, due: Due) -> None:
    """Report a request for documents as overdue, once; an answered one is left alone. The case stays where it is."""
    request = await work.session.get(DocumentRequest, due.subject_id)
    if request is None:
        return
    case = await work.session.get_one(Case, request.case_id, with_for_update={"key_share": True})
    await work.session.refresh(request)
    if request.closed_at is not None or request.overdue_at is not None:
        return
    request.overdue_at = work.now
    work.journal("case", case.id, Tag.DOCUMENTS_OVERDUE, {"request_id": request.id, "due_on": request.due_on})
    event = told(case) | {"request_id": request.id, "due_on": request.due_on, "noticed_at": work.now}
    work.emit(AdditionalDocumentsOverdue.model_validate(event))


async def sweep(work: Work, _: Due) -> None:
    """Measure every kind of waiting, and start again what should have been noticed."""
    today = legal_date(work.now)
    for wait in WAITS:
        found = await standing(work.session, wait, work.now - timedelta(days=wait.late_after(today)), today)
        WAITING.labels(wait.name).set(found.cases)
        LATE.labels(wait.name).set(found.late)
        OLDEST.labels(wait.name).set((work.now - found.oldest).total_seconds() if found.oldest else 0)
    for request in await unnoticed_overdue(work.session, today, _REDRIVEN_AT_ONCE):
        # A timer that still stands is only set again to its own moment.
        await at(work.session, DOCUMENTS_OVERDUE, request.id, overdue_from(request.due_on))


TIMERS: dict[str, TimerHandler] = {DOCUMENTS_OVERDUE: notice_overdue}
JOBS = (Job("waiting-cases", timedelta(minutes=5), sweep),)
