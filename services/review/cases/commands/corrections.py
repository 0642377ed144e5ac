"""The examiner's answer to a correction that the applicant asks for."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, officer
from services.review.cases.domain import flow
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Correction
from shared.errors import NotFound, Text
from shared.events.review import CorrectionAgreed, CorrectionDeclined
from shared.work import Work


async def answer(work: Work, case_id: UUID, correction_id: UUID, agreed: bool, reason: str | None) -> CaseBrief:
    """Agree to a correction, or decline it with a reason, once. An agreed one is made by the application service."""
    loaded = await load(work, case_id)
    flow.answer_correction(loaded.progress, officer(work.actor))
    correction = await work.session.get(Correction, correction_id)
    if correction is None or correction.case_id != case_id:
        raise NotFound()
    if correction.requested_at is None or correction.answered_at is not None:
        raise NotNow(
            "not-waiting",
            Text("回答を待っている訂正の申出ではありません", "This correction does not wait for an answer"),
        )
    if not agreed and reason is None:
        raise Wrong(
            "reason-missing", Text("認めない理由を入力してください", "Give the reason for declining"), "/reason"
        )
    correction.agreed = agreed
    correction.answered_by, correction.answered_at = work.actor_id, work.now
    correction.reason = reason
    tag = Tag.AGREE_CORRECTION if agreed else Tag.DECLINE_CORRECTION
    work.journal("case", case_id, tag, {"correction_id": correction_id})
    event = event_header(loaded.case) | {"correction_id": correction_id}
    if agreed:
        work.emit(CorrectionAgreed.model_validate(event | {"agreed_at": work.now}))
    else:
        assert reason is not None
        declined = {"declined_at": work.now, "sealed_reason": work.seal(reason)}
        work.emit(CorrectionDeclined.model_validate(event | declined))
    return CaseBrief.of(loaded.case)
