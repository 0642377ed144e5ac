"""HTTP: start, checklist and findings, requests for documents, interviews."""

from uuid import UUID

from fastapi import APIRouter, status

from services.review.cases.schemas import CaseBrief
from services.review.examination import commands
from services.review.examination.domain.checklist import CHECKLIST
from services.review.examination.schemas import DocumentsRequested, DocumentsWanted, Findings, Invitation, QuestionView
from shared.auth import Record, Role, permit, readers
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases", tags=["examination"])


@router.get(
    "/checklist",
    operation_id="readChecklist",
    dependencies=[permit(*readers(Record.CASE), kinds=("officer",))],
)
async def checklist() -> list[QuestionView]:
    """The questions that examiners check; each is answered yes, no, unknown or not_asked."""
    return [QuestionView(code=question.code, ja=question.ja, en=question.en) for question in CHECKLIST]


@router.post("/{case_id}/start", operation_id="startCase", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def start(case_id: UUID, once: Once) -> CaseBrief:
    """Take a case that nobody has. The applicant is informed that examination began."""
    return await once(commands.start, case_id)


@router.post(
    "/{case_id}/examination", operation_id="recordFindings", dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)
async def examine(case_id: UUID, body: Findings, once: Once) -> CaseBrief:
    """Record findings; after an interview or overdue documents this takes the case up again."""
    return await once(commands.examine, case_id, body.findings, body.note)


@router.post(
    "/{case_id}/document-requests",
    status_code=status.HTTP_201_CREATED,
    operation_id="requestDocuments",
    dependencies=[permit(Role.EXAMINER, kinds=("officer",))],
)
async def request_documents(case_id: UUID, body: DocumentsWanted, once: Once) -> DocumentsRequested:
    """Ask the applicant for documents, item by item, to come by a day."""
    items = [commands.Item(code=item.code, message=item.message) for item in body.items]
    return await once(commands.request_documents, case_id, items, body.due_on)


@router.post(
    "/{case_id}/interview", operation_id="requestInterview", dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)
async def request_interview(case_id: UUID, body: Invitation, once: Once) -> CaseBrief:
    """Invite the applicant or the organisation to talk."""
    return await once(commands.request_interview, case_id, body.held_at, body.instructions)
