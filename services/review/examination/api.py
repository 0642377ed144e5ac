"""HTTP: start, checklist and findings, requests for documents, interviews."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from services.review.cases.schemas import CaseBrief, Code
from services.review.examination.commands import documents, findings, interviews, more_time
from services.review.examination.domain.checklist import CHECKLIST, checklist_of
from services.review.examination.schemas import (
    Cancellation,
    DocumentsRequested,
    DocumentsWanted,
    Findings,
    Invitation,
    MoreTimeAnswer,
    MovedInvitation,
    QuestionView,
)
from shared.auth import Record, Role, permit, readers
from shared.http.commands import Once

KnownCode = Annotated[Code | None, Query()]

router = APIRouter(prefix="/v1/cases", tags=["examination"])


@router.get(
    "/checklist",
    operation_id="readChecklist",
    dependencies=[permit(*readers(Record.CASE), kinds=("officer",))],
)
async def checklist(procedure: KnownCode = None, status_of_residence: KnownCode = None) -> list[QuestionView]:
    """The questions that examiners check; each is answered yes, no, unknown or not_asked. Of a procedure and status
    those that its cases are asked, without them every one."""
    questions = (
        CHECKLIST if procedure is None or status_of_residence is None else checklist_of(procedure, status_of_residence)
    )
    return QuestionView.all_of(questions)


@router.post("/{case_id}/start", operation_id="startCase", dependencies=[permit(Role.EXAMINER, kinds=("officer",))])
async def start(case_id: UUID, once: Once) -> CaseBrief:
    """Take a case that nobody has. The applicant is informed that examination began."""
    return await once(findings.start, case_id)


@router.post(
    "/{case_id}/examination", operation_id="recordFindings", dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)
async def examine(case_id: UUID, body: Findings, once: Once) -> CaseBrief:
    """Record findings; after an interview or overdue documents this takes the case up again."""
    evidence = {code: [one.evidence() for one in items] for code, items in body.evidence.items()}
    return await once(findings.examine, case_id, body.findings, evidence, body.note)


@router.post(
    "/{case_id}/document-requests",
    status_code=status.HTTP_201_CREATED,
    operation_id="requestDocuments",
    dependencies=[permit(Role.EXAMINER, kinds=("officer",))],
)
async def request_documents(case_id: UUID, body: DocumentsWanted, once: Once) -> DocumentsRequested:
    """Ask the applicant for documents, item by item, to come by a day."""
    items = [
        documents.Item(code=item.code, text_codes=list(item.text_codes), message=item.message) for item in body.items
    ]
    return await once(documents.request_documents, case_id, items, body.due_on)


@router.post(
    "/{case_id}/more-time/{more_time_id}",
    operation_id="answerMoreTime",
    dependencies=[permit(Role.EXAMINER, kinds=("officer",))],
)
async def answer_more_time(case_id: UUID, more_time_id: UUID, body: MoreTimeAnswer, once: Once) -> CaseBrief:
    """Give the applicant more time for requested documents, or decline with a reason."""
    return await once(more_time.answer, case_id, more_time_id, body.agreed, body.due_on, body.reason)


@router.post(
    "/{case_id}/interview", operation_id="requestInterview", dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)
async def request_interview(case_id: UUID, body: Invitation, once: Once) -> CaseBrief:
    """Invite the applicant or the organisation to talk (事情聴取), or announce a visit of officers (実態調査)."""
    return await once(interviews.request_interview, case_id, body.kind, body.held_at, body.place, body.instructions)


@router.post(
    "/{case_id}/interview/move", operation_id="moveInterview", dependencies=[permit(Role.EXAMINER, kinds=("officer",))]
)
async def move_interview(case_id: UUID, body: MovedInvitation, once: Once) -> CaseBrief:
    """Hold the interview that is awaited at another time or place; the applicant is informed."""
    return await once(interviews.move_interview, case_id, body.held_at, body.place, body.instructions)


@router.post(
    "/{case_id}/interview/cancel",
    operation_id="cancelInterview",
    dependencies=[permit(Role.EXAMINER, kinds=("officer",))],
)
async def cancel_interview(case_id: UUID, body: Cancellation, once: Once) -> CaseBrief:
    """Call the interview that is awaited off; the applicant is informed, and the examination goes on."""
    return await once(interviews.cancel_interview, case_id, body.reason)
