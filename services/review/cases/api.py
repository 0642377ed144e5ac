"""HTTP: the end of a case without a decision."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cases.commands import termination
from services.review.cases.schemas import CaseBrief, Termination
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
