"""What examiners send."""

from uuid import UUID

from fastapi import APIRouter, status

from services.review.api.bodies import DocumentsWanted, Findings, Invitation, ProposalBody, SamePersonBody
from services.review.commands import examination, same_person
from services.review.commands.answers import CaseBrief, DocumentsRequested
from services.review.domain.decision import Proposed
from shared.auth import Caller, Role, permit
from shared.http.marks import KeyedMark
from shared.service import CurrentRuntime

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["examiner"], dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)


@router.post("/start", operation_id="startCase")
async def start(case_id: UUID, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Take a case that nobody has. The applicant is told that examination began."""
    return await runtime.commands.once(caller, mark, lambda work: examination.start(work, case_id), CaseBrief)


@router.post("/examination", operation_id="recordFindings")
async def examine(case_id: UUID, body: Findings, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Record findings; after an interview or overdue documents this takes the case up again."""
    return await runtime.commands.once(
        caller, mark, lambda work: examination.examine(work, case_id, body.findings, body.note), CaseBrief
    )


@router.post("/document-requests", status_code=status.HTTP_201_CREATED, operation_id="requestDocuments")
async def request_documents(
    case_id: UUID, body: DocumentsWanted, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> DocumentsRequested:
    """Ask the applicant for documents, item by item, to come by a day."""
    items = [examination.Item(code=item.code, message=item.message) for item in body.items]
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: examination.request_documents(work, runtime.sealer, case_id, items, body.due_on),
        DocumentsRequested,
    )


@router.post("/interview", operation_id="requestInterview")
async def request_interview(
    case_id: UUID, body: Invitation, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Invite the applicant or the organisation to talk."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: examination.request_interview(work, runtime.sealer, case_id, body.held_at, body.instructions),
        CaseBrief,
    )


@router.post("/same-person", operation_id="resolveSamePerson")
async def resolve_same_person(
    case_id: UUID, body: SamePersonBody, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Record how another case of the same person belongs to this one. A second decision waits for it."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: same_person.resolve(work, case_id, body.other_case_id, body.finding, body.reason),
        CaseBrief,
    )


@router.post("/proposal", operation_id="proposeOutcome")
async def propose(
    case_id: UUID, body: ProposalBody, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Propose how the case should end; a chief examiner who is somebody else decides."""
    proposed = Proposed(**body.model_dump())
    return await runtime.commands.once(
        caller, mark, lambda work: examination.propose(work, case_id, proposed), CaseBrief
    )
