"""HTTP: the answer to a correction, and the end of a case without a decision."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cases.commands import corrections, termination
from services.review.cases.schemas import CaseBrief, CorrectionAnswer, Termination
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"])


@router.post(
    "/termination",
    operation_id="terminateCase",
    dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))],
)
async def terminate(case_id: UUID, body: Termination, once: Once) -> CaseBrief:
    """End the case without a decision: the person left Japan, died, or got another permission."""
    return await once(termination.terminate, case_id, body.reason_code, body.note)


@router.post(
    "/corrections/{correction_id}",
    operation_id="answerCorrection",
    dependencies=[permit(Role.EXAMINER, kinds=("officer",))],
)
async def answer_correction(case_id: UUID, correction_id: UUID, body: CorrectionAnswer, once: Once) -> CaseBrief:
    """Agree to a correction that the applicant asks for, or decline it."""
    return await once(corrections.answer, case_id, correction_id, body.agreed, body.reason)
