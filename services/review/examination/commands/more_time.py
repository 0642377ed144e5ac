"""More time for requested documents: the applicant asks, the examiner agrees or declines."""

from datetime import date
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, load_of_application, officer, save
from services.review.cases.domain.flow import require
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.domain.states import Step
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Case, DocumentRequest, MoreTimeRequest
from services.review.examination.commands.documents import UnknownRequest, set_timers
from services.review.examination.domain import flow
from shared.errors import NotFound, Text
from shared.events.application import MoreTimeRequested
from shared.events.review import MoreTimeAgreed, MoreTimeDeclined
from shared.work import Work


async def take_request(work: Work, asked: MoreTimeRequested) -> None:
    """Note that the applicant asks for more time. A request for documents that is over has none to give."""
    if await work.session.get(MoreTimeRequest, asked.more_time_id) is not None:
        return
    loaded = await load_of_application(work, asked.application_id)
    request = await work.session.get(DocumentRequest, asked.request_id)
    if request is None or request.case_id != loaded.case.id:
        raise UnknownRequest(f"request {asked.request_id} is not one of case {loaded.case.id}")
    is_over = request.closed_at is not None
    more_time = MoreTimeRequest(
        id=asked.more_time_id,
        case_id=loaded.case.id,
        request_id=request.id,
        wanted_on=asked.wanted_on,
        requested_at=asked.requested_at,
        agreed=None,
        due_on=None,
        answered_by=None,
        answered_at=None,
        reason=None,
        lapsed_at=work.now if is_over else None,
    )
    work.session.add(more_time)
    detail = {"more_time_id": more_time.id, "request_id": request.id, "wanted_on": asked.wanted_on}
    work.journal("case", loaded.case.id, Tag.ASK_MORE_TIME, detail)
    if is_over:
        work.emit(_declined(work, loaded.case, request, more_time))


async def answer(
    work: Work, case_id: UUID, more_time_id: UUID, agreed: bool, due_on: date | None, reason: str | None
) -> CaseBrief:
    """Agree to a later day (the one that the applicant wants, where none is named), or decline with a reason; once."""
    loaded = await load(work, case_id)
    by = officer(work.actor)
    require(loaded.progress, Step.ANSWER_MORE_TIME, by)
    more_time = await work.session.get(MoreTimeRequest, more_time_id)
    if more_time is None or more_time.case_id != case_id:
        raise NotFound()
    if more_time.answered_at is not None:
        raise NotNow(
            "already-answered",
            Text("この申出には {time} UTC に回答済みです", "This was answered on {time} UTC").with_values(
                time=f"{more_time.answered_at:%Y-%m-%d %H:%M}"
            ),
        )
    case, request = loaded.case, loaded.request
    if agreed:
        after = flow.give_more_time(loaded.progress, by, due_on or more_time.wanted_on, work.today)
    else:
        after = flow.decline_more_time(loaded.progress, by)
    if request is None or request.id != more_time.request_id:
        raise NotNow("request-over", Text("この資料提出の求めは終了しています", "This request for documents is over"))
    if not agreed and reason is None:
        raise Wrong(
            "reason-missing", Text("認めない理由を入力してください", "Give the reason for declining"), "/reason"
        )
    more_time.agreed, more_time.reason = agreed, reason
    more_time.due_on = after.documents_due if agreed else None
    more_time.answered_by, more_time.answered_at = work.actor_id, work.now
    await save(work, loaded, after)
    detail = {"more_time_id": more_time.id, "request_id": request.id}
    if agreed:
        assert after.documents_due is not None
        request.due_on = after.documents_due
        # It is not overdue any more, and can be again after the new day.
        request.overdue_at = None
        await set_timers(work, request)
        work.journal("case", case.id, Tag.GIVE_MORE_TIME, detail | {"due_on": request.due_on})
        event = event_header(case) | detail | {"due_on": request.due_on, "agreed_at": work.now}
        work.emit(MoreTimeAgreed.model_validate(event))
    else:
        work.journal("case", case.id, Tag.DECLINE_MORE_TIME, detail)
        work.emit(_declined(work, case, request, more_time))
    return CaseBrief.of(case)


def _declined(work: Work, case: Case, request: DocumentRequest, more_time: MoreTimeRequest) -> MoreTimeDeclined:
    return MoreTimeDeclined.model_validate(
        event_header(case)
        | {
            "request_id": request.id,
            "more_time_id": more_time.id,
            "due_on": request.due_on,
            "sealed_reason": work.seal(more_time.reason) if more_time.reason else None,
            "declined_at": work.now,
        }
    )
