"""Allocation of work: the queue, the reassignment of a case, and what waits."""

from datetime import datetime
from uuid import UUID

from prometheus_client import Gauge

from services.review.allocation import domain
from services.review.allocation.schemas import FoundCases, QueuedCase
from services.review.allocation.store import Moment, QueueFilter, measure_wait, queue
from services.review.audit import Tag
from services.review.cases.commands.loading import load, officer, save
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from shared.work import Work

WAITING = Gauge("zairyu_review_waiting_cases", "Cases that wait, by what for", ["wait"])
LATE = Gauge("zairyu_review_late_cases", "Cases that wait longer than the target, by what for", ["wait"])
OLDEST = Gauge("zairyu_review_waiting_oldest_seconds", "How long the oldest case has waited, by what for", ["wait"])


async def reassign(work: Work, case_id: UUID, examiner_id: UUID, note: str | None) -> CaseBrief:
    """Give the case to another examiner."""
    loaded = await load(work, case_id)
    before = loaded.case.examiner_id
    await save(work, loaded, domain.reassign(loaded.progress, officer(work.actor), examiner_id))
    work.journal("case", case_id, Tag.REASSIGN, {"from": before, "to": examiner_id, "note": note})
    return CaseBrief.of(loaded.case)


async def search(work: Work, wanted: QueueFilter, after: tuple[datetime, UUID] | None, limit: int) -> FoundCases:
    """Up to `limit` cases of the work queue from behind `after`, oldest first, and one more where there are more.

    The journal names the first `limit`: the one more is not shown.
    """
    rows = (await work.session.execute(queue(wanted, after, limit + 1, Moment(work.now, work.today)))).all()
    work.journal(
        "work_queue",
        work.actor_id,
        Tag.SEARCH,
        {
            "office": wanted.office,
            "states": [State(state).value for state in wanted.states],
            "receipt_number": wanted.receipt_number,
            "wait": wanted.wait.name if wanted.wait else None,
            "case_ids": [row[0].id for row in rows[:limit]],
        },
    )
    return FoundCases(items=[QueuedCase.of_queue(case, late) for case, late in rows])


async def measure_waiting_cases(work: Work) -> None:
    """Set the metrics of every kind of waiting."""
    for wait in domain.WAITS:
        found = await measure_wait(work.session, wait, Moment(work.now, work.today))
        WAITING.labels(wait.name).set(found.cases)
        LATE.labels(wait.name).set(found.late)
        OLDEST.labels(wait.name).set((work.now - found.oldest).total_seconds() if found.oldest else 0)
