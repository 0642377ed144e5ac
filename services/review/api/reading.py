"""What officers read: the work queue, a case, its timeline, the checklist."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.review.commands import reading
from services.review.commands.answers import CaseBrief
from services.review.commands.file import CaseDetail, Timeline
from services.review.domain.checklist import CHECKLIST
from services.review.domain.states import State
from services.review.store.queries import QueueFilter
from shared.auth import Caller, Record, permit, readers, scope_of
from shared.errors import Forbidden, Text
from shared.http import Page, PageQuery
from shared.http.commands import EachTime

router = APIRouter(
    prefix="/v1/cases", tags=["reading"], dependencies=[permit(*readers(Record.CASE), kinds=("officer",))]
)


class QuestionView(BaseModel):
    """One line of the checklist."""

    code: str
    ja: str
    en: str


@router.get("", operation_id="listCases")
async def search(
    caller: Caller,
    paging: PageQuery,
    run: EachTime,
    state: Annotated[list[State] | None, Query(description="repeat it for several")] = None,
    mine: Annotated[bool, Query(description="only cases that the caller has taken")] = False,
    procedure: str | None = None,
    status_of_residence: str | None = None,
    receipt_number: str | None = None,
    office: Annotated[str | None, Query(description="auditors choose; everybody else sees the own office")] = None,
) -> Page[CaseBrief]:
    """The work queue, oldest first."""
    scope = scope_of(caller, Record.CASE)
    if scope.nothing:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    if not scope.everywhere:
        office = scope.office
    wanted = QueueFilter(
        office=office,
        states=tuple(dict.fromkeys(state or ())),
        examiner_id=caller.id if mine else None,
        procedure=procedure,
        status_of_residence=status_of_residence,
        receipt_number=receipt_number,
    )
    return await run(reading.search, wanted, paging)


@router.get("/checklist", operation_id="readChecklist")
async def checklist() -> list[QuestionView]:
    """What examiners check; each question is answered yes, no, unknown or not_asked."""
    return [QuestionView(code=question.code, ja=question.ja, en=question.en) for question in CHECKLIST]


@router.get("/by-application/{application_id}", operation_id="readCaseOfApplication")
async def read_by_application(application_id: UUID, run: EachTime) -> CaseDetail:
    """The case of an application."""
    return await run(reading.read_by_application, application_id)


@router.get("/{case_id}", operation_id="readCase")
async def read(case_id: UUID, run: EachTime) -> CaseDetail:
    """The whole case."""
    return await run(reading.read, case_id)


@router.get("/{case_id}/timeline", operation_id="readCaseTimeline")
async def read_timeline(case_id: UUID, run: EachTime) -> Timeline:
    """What happened, in order and in both languages; an auditor also sees who read the case."""
    return await run(reading.read_timeline, case_id)
