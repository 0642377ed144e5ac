"""HTTP: the examiner's proposal, the second officer's decision, cases of the same person."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.review.cases.domain.flow import Outcome
from services.review.cases.schemas import CaseBrief
from services.review.decision.commands import batch, effect, proposals, same_person
from services.review.decision.commands.proposals import Read
from services.review.decision.domain.decision import Proposed
from services.review.decision.schemas.batch import BatchDecision, Decisions, WaitingProposal
from services.review.decision.schemas.proposals import Decision, ProposalBody, RecallBody
from services.review.decision.schemas.same_person import SamePersonBody
from services.review.decision.store import WantedProposals
from services.review.settings import Settings
from shared.auth import Actor, Role, permit
from shared.errors import Forbidden, Text
from shared.http import IfMatch, Page, PageQuery
from shared.http.commands import EachTime, Once
from shared.http.versions import names
from shared.service import CurrentRuntime


async def recall_within(runtime: CurrentRuntime) -> timedelta:
    """The time for which a decision can be recalled, until it takes effect."""
    assert isinstance(runtime.settings, Settings)
    return timedelta(minutes=runtime.settings.recall_minutes)


RecallWithin = Annotated[timedelta, Depends(recall_within)]
router = APIRouter(prefix="/v1/cases/{case_id}", tags=["decision"])
several = APIRouter(prefix="/v1/cases", tags=["decision"])
Chief = Annotated[Actor, permit(Role.CHIEF_EXAMINER, kinds=("officer",))]


@several.get("/proposals", operation_id="listProposals")
async def list_proposals(
    caller: Chief,
    paging: PageQuery,
    run: EachTime,
    procedure: str | None = None,
    status_of_residence: str | None = None,
    outcome: Outcome | None = None,
) -> Page[WaitingProposal]:
    """The proposals of one's office that wait for a decision, oldest first. The reading is journalled."""
    if caller.office is None:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    wanted = WantedProposals(caller.office, procedure, status_of_residence, outcome)
    found = await run(batch.list_waiting, wanted, paging.after(datetime, UUID), paging.limit + 1)
    return paging.page(found.items, key=lambda one: (one.proposed_at, one.proposal_id))


@several.post("/decisions", operation_id="decideCases")
async def decide_several(caller: Chief, body: BatchDecision, once: Once, recall_within: RecallWithin) -> Decisions:
    """Approve up to 100 proposals that are alike in one pass. None that one has not opened since it was made
    (`not-opened`), nor any on a case on which one proposed (`four-eyes`): each is answered by itself."""
    return await once(batch.approve_each, body.cases, body.note, recall_within)


@router.post("/same-person", operation_id="resolveSamePerson", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def resolve_same_person(case_id: UUID, body: SamePersonBody, once: Once) -> CaseBrief:
    """Record how another case of the same person belongs to this one. A second decision waits for it."""
    return await once(same_person.resolve, case_id, body.other_case_id, body.finding, body.reason)


@router.post("/proposal", operation_id="proposeOutcome", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def propose(case_id: UUID, body: ProposalBody, once: Once, if_match: IfMatch = None) -> CaseBrief:
    """Propose how the case should end; a chief examiner who is somebody else decides. What it rests on is kept with it.
    With `If-Match` (the `revision` of the case) 412 where something happened to the case since."""
    proposed = Proposed(**body.model_dump(exclude={"hints"}))
    return await once(proposals.propose, case_id, proposed, body.hints, _read(None, if_match))


@router.post("/decision", operation_id="decideCase", dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))])
async def decide(
    case_id: UUID, body: Decision, once: Once, recall_within: RecallWithin, if_match: IfMatch = None
) -> CaseBrief:
    """Approve the proposal or send it back. Never where one proposed on the case: 403 `four-eyes`. With `If-Match` (the
    `revision` of the case that was read) 412 where something happened since. An approved one takes effect once it
    cannot be recalled any more; the applicant is informed then."""
    read = _read(body.proposal_id, if_match)
    return await once(proposals.decide, case_id, body.approve, body.note, read, recall_within)


@router.post("/recall", operation_id="recallDecision", dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))])
async def recall(case_id: UUID, body: RecallBody, once: Once) -> CaseBrief:
    """Take a decision back before it takes effect. Never one's own: 403 `four-eyes`."""
    return await once(effect.recall, case_id, body.reason)


def _read(proposal_id: UUID | None, if_match: str | None) -> Read:
    return Read(proposal_id, None if if_match is None else lambda revision: names(revision, if_match))
