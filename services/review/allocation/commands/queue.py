"""The work queue, and measures of what waits."""

from datetime import datetime
from uuid import UUID

from prometheus_client import Gauge

from services.review.allocation.domain.waits import WAITS
from services.review.allocation.schemas.queue import FoundCases, QueuedCase
from services.review.allocation.store.assignment import flags_of_cases
from services.review.allocation.store.queue import Moment, QueueFilter, measure_concern, measure_wait, queue
from services.review.audit import Tag
from services.review.cases.domain.clock import CONCERNS
from services.review.cases.domain.states import State
from shared.work import Work

WAITING = Gauge("zairyu_review_waiting_cases", "Cases that wait, by what for", ["wait"])
LATE = Gauge("zairyu_review_late_cases", "Cases that wait longer than the target, by what for", ["wait"])
CONCERNED = Gauge("zairyu_review_concern_cases", "Cases of which a deadline is near or over, by which", ["concern"])
OLDEST = Gauge("zairyu_review_waiting_oldest_seconds", "How long the oldest case has waited, by what for", ["wait"])


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
            "concern": wanted.concern.name if wanted.concern else None,
            "flag": wanted.flag,
            "case_ids": [row[0].id for row in rows[:limit]],
        },
    )
    flags = await flags_of_cases(work.session, [row[0].id for row in rows])
    return FoundCases(items=[QueuedCase.of_queue(case, late, flags.get(case.id, ()), work.now) for case, late in rows])


async def measure_waiting_cases(work: Work) -> None:
    """Set the metrics of every kind of waiting, and of every concern of the clock."""
    for wait in WAITS:
        found = await measure_wait(work.session, wait, Moment(work.now, work.today))
        WAITING.labels(wait.name).set(found.cases)
        LATE.labels(wait.name).set(found.late)
        OLDEST.labels(wait.name).set((work.now - found.oldest).total_seconds() if found.oldest else 0)
    for concern in CONCERNS:
        CONCERNED.labels(concern.name).set(await measure_concern(work.session, concern, Moment(work.now, work.today)))
