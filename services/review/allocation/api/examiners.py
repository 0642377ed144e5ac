"""HTTP: the examiners of an office, what they examine, their absences, and all cases of one of them."""

from uuid import UUID

from fastapi import APIRouter

from services.review.allocation.commands import assignment, examiners
from services.review.allocation.domain.examiners import Skill
from services.review.allocation.schemas.assignment import MoveCases, MovedCases
from services.review.allocation.schemas.examiners import AbsenceView, Examiners, ExaminerView, NewAbsence, SkillBody
from shared.auth import Role, permit
from shared.http.commands import EachTime, Once

router = APIRouter(prefix="/v1/examiners", tags=["allocation"])
_EXAMINING = [permit(Role.EXAMINER, Role.CHIEF_EXAMINER, kinds=("officer",))]
_CHIEF = [permit(Role.CHIEF_EXAMINER, kinds=("officer",))]


@router.get("", operation_id="listExaminers", dependencies=_EXAMINING)
async def list_examiners(run: EachTime) -> Examiners:
    """The examiners of the caller's office with their load, what they examine, and their absences. It shows no case."""
    return await run(examiners.list_examiners)


@router.put("/{officer_id}/skill", operation_id="setSkill", dependencies=_CHIEF)
async def set_skill(officer_id: UUID, body: SkillBody, run: EachTime) -> ExaminerView:
    """Record which procedures and statuses an officer examines: the next case is one of these."""
    return await run(examiners.set_skill, officer_id, Skill(body.procedures, body.statuses))


@router.post("/{officer_id}/absences", operation_id="recordAbsence", dependencies=_EXAMINING)
async def record_absence(officer_id: UUID, body: NewAbsence, once: Once) -> AbsenceView:
    """Record the days on which an officer is away: the chief examiner for anybody, everybody else for themselves."""
    return await once(examiners.record_absence, officer_id, body.first_day, body.last_day)


@router.post("/{officer_id}/absences/{absence_id}/end", operation_id="endAbsence", dependencies=_EXAMINING)
async def end_absence(officer_id: UUID, absence_id: UUID, once: Once) -> AbsenceView:
    """End an absence early, or take back one that was recorded by mistake."""
    return await once(examiners.end_absence, officer_id, absence_id)


@router.post("/{officer_id}/cases", operation_id="moveCases", dependencies=_CHIEF)
async def move_cases(officer_id: UUID, body: MoveCases, once: Once) -> MovedCases:
    """Give all cases in examination of one examiner to another, or return them to the queue."""
    return await once(assignment.move_cases, officer_id, body.examiner_id, body.reason)
