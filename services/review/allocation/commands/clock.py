"""The clock of a case: deadlines are reported to the officers, each once."""

from datetime import timedelta
from uuid import UUID

from services.review.allocation.commands.assignment import own_office
from services.review.allocation.schemas.clock import Notices, NoticeView
from services.review.allocation.store.clock import (
    Notice,
    cases_without_clock,
    newest_notices,
    reported,
    unreported_cases,
)
from services.review.allocation.store.queue import Moment
from services.review.audit import Tag
from services.review.cases.commands.loading import CASE_CLOCK, set_clock
from services.review.cases.domain.clock import Dates, holding
from services.review.cases.domain.states import State
from services.review.cases.store import lock_case
from shared.events.review_allocation import CaseDeadlineReached
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

_RESTORED_AT_ONCE = 500
_GIVEN_A_CLOCK_AT_ONCE = 2000
_SHOWN_FOR = timedelta(days=7)
_MOST_SHOWN = 20


async def notice(work: Work, case_id: UUID) -> None:
    """Report what is due about a case to the officers, each once, and set the clock to what comes next."""
    case = await lock_case(work.session, case_id)
    if case is None:
        return
    dates, known = Dates.of(case), await reported(work.session, case_id)
    new = [one for one in holding(State(case.state), dates, work.now) if (one.name, one.about(dates)) not in known]
    for concern in new:
        work.session.add(
            Notice(id=new_id(), case_id=case_id, concern=concern.name, about=concern.about(dates), noticed_at=work.now)
        )
        work.emit(
            CaseDeadlineReached(
                case_id=case_id,
                application_id=case.application_id,
                receipt_number=case.receipt_number,
                concern=concern.name,
                noticed_at=work.now,
            )
        )
    if new:
        work.journal("case", case_id, Tag.NOTICE, {"concerns": [concern.name for concern in new]})
    await set_clock(work, case)


async def restore_clocks(work: Work) -> None:
    """Have cases noticed of which a deadline passed without a report, and give a clock to cases that have none."""
    for case_id in await unreported_cases(work.session, Moment(work.now, work.today), _RESTORED_AT_ONCE):
        await at(work.session, CASE_CLOCK, case_id, work.now)
    for case in await cases_without_clock(work.session, _GIVEN_A_CLOCK_AT_ONCE):
        await set_clock(work, case)


async def list_notices(work: Work, mine: bool) -> Notices:
    """List what was reported to the actor's office in the last days about open cases, the newest first."""
    office = own_office(work)
    examiner = work.actor_id if mine else None
    found = await newest_notices(work.session, office, examiner, work.now - _SHOWN_FOR, _MOST_SHOWN)
    case_ids = list(dict.fromkeys(one.case.id for one in found))
    work.journal("work_queue", work.actor_id, Tag.SEARCH, {"office": office, "what": "notices", "case_ids": case_ids})
    return Notices(items=[NoticeView.of(one) for one in found])
