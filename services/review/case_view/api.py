"""HTTP: a case with everything in it, and its timeline."""

from uuid import UUID

from fastapi import APIRouter

from services.review.case_view import commands
from services.review.case_view.schemas import CaseDetail, Timeline
from shared.auth import Record, permit, readers
from shared.http.commands import EachTime

router = APIRouter(
    prefix="/v1/cases", tags=["case view"], dependencies=[permit(*readers(Record.CASE), kinds=("officer",))]
)


@router.get("/by-application/{application_id}", operation_id="readCaseOfApplication")
async def read_by_application(application_id: UUID, run: EachTime) -> CaseDetail:
    """The case of an application."""
    return await run(commands.read_by_application, application_id)


@router.get("/{case_id}", operation_id="readCase")
async def read(case_id: UUID, run: EachTime) -> CaseDetail:
    """The whole case."""
    return await run(commands.read, case_id)


@router.get("/{case_id}/timeline", operation_id="readCaseTimeline")
async def read_timeline(case_id: UUID, run: EachTime) -> Timeline:
    """The events of a case, in order and in both languages; an auditor also sees who read the case."""
    return await run(commands.read_timeline, case_id)
