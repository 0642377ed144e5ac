"""What chief examiners send (決裁者)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.api.bodies import Decision, Reassignment, Termination
from services.review.commands import deciding, examination
from services.review.commands.answers import CaseBrief
from shared.auth import Caller, Role, permit
from shared.http.marks import KeyedMark
from shared.service import CurrentRuntime

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["chief"], dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))]
)


@router.post("/decision", operation_id="decideCase")
async def decide(case_id: UUID, body: Decision, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Approve the proposal or send it back. Never one's own: 403 `four-eyes`."""
    return await runtime.commands.once(
        caller, mark, lambda work: deciding.decide(work, case_id, body.approve, body.note), CaseBrief
    )


@router.post("/reassignment", operation_id="reassignCase")
async def reassign(
    case_id: UUID, body: Reassignment, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Give the case to another examiner."""
    return await runtime.commands.once(
        caller, mark, lambda work: examination.reassign(work, case_id, body.examiner_id, body.note), CaseBrief
    )


@router.post("/termination", operation_id="terminateCase")
async def terminate(
    case_id: UUID, body: Termination, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """End the case without a decision: the person left Japan, died, or got another permission."""
    return await runtime.commands.once(
        caller, mark, lambda work: examination.terminate(work, case_id, body.reason_code, body.note), CaseBrief
    )
