"""What examiners send."""

from uuid import UUID

from fastapi import APIRouter, status

from services.review.api.bodies import DocumentsWanted, Findings, Invitation, ProposalBody, SamePersonBody
from services.review.commands import examination, same_person
from services.review.commands.answers import CaseBrief, DocumentsRequested
from services.review.domain.decision import Proposed
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["examiner"], dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)


@router.post("/start", operation_id="startCase")
async def start(case_id: UUID, once: Once) -> CaseBrief:
    """Take a case that nobody has. The applicant is told that examination began."""
    return await once(examination.start, case_id)


@router.post("/examination", operation_id="recordFindings")
async def examine(case_id: UUID, body: Findings, once: Once) -> CaseBrief:
    """Record findings; after an interview or overdue documents this takes the case up again."""
    return await once(examination.examine, case_id, body.findings, body.note)


@router.post("/document-requests", status_code=status.HTTP_201_CREATED, operation_id="requestDocuments")
async def request_documents(case_id: UUID, body: DocumentsWanted, once: Once) -> DocumentsRequested:
    """Ask the applicant for documents, item by item, to come by a day."""
    items = [examination.Item(code=item.code, message=item.message) for item in body.items]
    return await once(examination.request_documents, case_id, items, body.due_on)


@router.post("/interview", operation_id="requestInterview")
async def request_interview(case_id: UUID, body: Invitation, once: Once) -> CaseBrief:
    """Invite the applicant or the organisation to talk."""
    return await once(examination.request_interview, case_id, body.held_at, body.instructions)


@router.post("/same-person", operation_id="resolveSamePerson")
async def resolve_same_person(case_id: UUID, body: SamePersonBody, once: Once) -> CaseBrief:
    """Record how another case of the same person belongs to this one. A second decision waits for it."""
    return await once(same_person.resolve, case_id, body.other_case_id, body.finding, body.reason)


@router.post("/proposal", operation_id="proposeOutcome")
async def propose(case_id: UUID, body: ProposalBody, once: Once) -> CaseBrief:
    """Propose how the case should end; a chief examiner who is somebody else decides."""
    proposed = Proposed(**body.model_dump())
    return await once(examination.propose, case_id, proposed)
