"""What chief examiners send (決裁者)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.api.bodies import Decision, Reassignment, Termination
from services.review.commands import deciding, examination
from services.review.commands.answers import CaseBrief
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["chief"], dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))]
)


@router.post("/decision", operation_id="decideCase")
async def decide(case_id: UUID, body: Decision, once: Once) -> CaseBrief:
    """Approve the proposal or send it back. Never one's own: 403 `four-eyes`."""
    return await once(deciding.decide, case_id, body.approve, body.note)


@router.post("/reassignment", operation_id="reassignCase")
async def reassign(case_id: UUID, body: Reassignment, once: Once) -> CaseBrief:
    """Give the case to another examiner."""
    return await once(examination.reassign, case_id, body.examiner_id, body.note)


@router.post("/termination", operation_id="terminateCase")
async def terminate(case_id: UUID, body: Termination, once: Once) -> CaseBrief:
    """End the case without a decision: the person left Japan, died, or got another permission."""
    return await once(examination.terminate, case_id, body.reason_code, body.note)
