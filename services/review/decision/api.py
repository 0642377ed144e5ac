"""HTTP: the examiner's proposal, the second officer's decision, cases of the same person."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cases.schemas import CaseBrief
from services.review.decision.commands import proposals, same_person
from services.review.decision.domain.decision import Proposed
from services.review.decision.schemas import Decision, ProposalBody, SamePersonBody
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["decision"])


@router.post("/same-person", operation_id="resolveSamePerson", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def resolve_same_person(case_id: UUID, body: SamePersonBody, once: Once) -> CaseBrief:
    """Record how another case of the same person belongs to this one. A second decision waits for it."""
    return await once(same_person.resolve, case_id, body.other_case_id, body.finding, body.reason)


@router.post("/proposal", operation_id="proposeOutcome", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def propose(case_id: UUID, body: ProposalBody, once: Once) -> CaseBrief:
    """Propose how the case should end; a chief examiner who is somebody else decides."""
    return await once(proposals.propose, case_id, Proposed(**body.model_dump()))


@router.post("/decision", operation_id="decideCase", dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))])
async def decide(case_id: UUID, body: Decision, once: Once) -> CaseBrief:
    """Approve the proposal or send it back. Never one's own: 403 `four-eyes`."""
    return await once(proposals.decide, case_id, body.approve, body.note, body.proposal_id)
