"""HTTP: the examiner's proposal, the second officer's decision, cases of the same person."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.review.cases.schemas import CaseBrief
from services.review.decision.commands import effect, proposals, same_person
from services.review.decision.domain.decision import Proposed
from services.review.decision.schemas import Decision, ProposalBody, RecallBody, SamePersonBody
from services.review.settings import Settings
from shared.auth import Role, permit
from shared.http.commands import Once
from shared.service import CurrentRuntime


async def recall_within(runtime: CurrentRuntime) -> timedelta:
    """The time for which a decision can be recalled, until it takes effect."""
    assert isinstance(runtime.settings, Settings)
    return timedelta(minutes=runtime.settings.recall_minutes)


RecallWithin = Annotated[timedelta, Depends(recall_within)]
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
async def decide(case_id: UUID, body: Decision, once: Once, recall_within: RecallWithin) -> CaseBrief:
    """Approve the proposal or send it back. Never where one proposed on the case: 403 `four-eyes`. An approved one
    takes effect once it cannot be recalled any more; the applicant is informed then."""
    return await once(proposals.decide, case_id, body.approve, body.note, body.proposal_id, recall_within)


@router.post("/recall", operation_id="recallDecision", dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))])
async def recall(case_id: UUID, body: RecallBody, once: Once) -> CaseBrief:
    """Take a decision back before it takes effect. Never one's own: 403 `four-eyes`."""
    return await once(effect.recall, case_id, body.reason)
