"""HTTP: a case with everything in it, its timeline, and what officers wrote to the applicant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.review.case_view import commands
from services.review.case_view.schemas import CaseDetail, CaseFileView, Lists, Notices, Timeline
from services.review.case_view.store import notices_of
from shared.auth import APPLICANT_ROLES, Actor, Owner, Record, permit, readers
from shared.clock import legal_date
from shared.errors import NotFound
from shared.http.commands import EachTime
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]

router = APIRouter(
    prefix="/v1/cases", tags=["case view"], dependencies=[permit(*readers(Record.CASE), kinds=("officer",))]
)
notices_router = APIRouter(prefix="/v1/notices", tags=["notices"])


@router.get("/by-application/{application_id}", operation_id="readCaseOfApplication")
async def read_by_application(application_id: UUID, run: EachTime) -> CaseDetail:
    """The case of an application."""
    return await run(commands.read_by_application, application_id)


@router.get("/lists", operation_id="readLists")
async def read_lists(runtime: CurrentRuntime) -> Lists:
    """The codes that officers choose from, with their words: no look at anybody."""
    return Lists.on(legal_date(runtime.clock.now()))


@router.get("/{case_id}", operation_id="readCase")
async def read(case_id: UUID, run: EachTime) -> CaseDetail:
    """The whole case."""
    return await run(commands.read, case_id)


@router.get("/{case_id}/file", operation_id="readCaseFile")
async def read_file(case_id: UUID, run: EachTime) -> CaseFileView:
    """The whole case with its timeline, the questions of the checklist and the words of its codes, in one answer. It
    is one look in the journal."""
    return await run(commands.read_file, case_id)


@router.get("/{case_id}/timeline", operation_id="readCaseTimeline")
async def read_timeline(case_id: UUID, run: EachTime) -> Timeline:
    """The events of a case, in order and in both languages; an auditor also sees who read the case."""
    return await run(commands.read_timeline, case_id)


@notices_router.get("/{application_id}", operation_id="readNotices")
async def read_notices(application_id: UUID, caller: Applicant, runtime: CurrentRuntime) -> Notices:
    """The words of officers to the owner of an application: on documents, declined requests, interviews.

    Mails say the same. An application that was just filed may not be there yet.
    """
    async with runtime.db.read() as session:
        found = await notices_of(session, application_id, Owner.of(caller))
    if found is None:
        raise NotFound()
    return Notices.of(found, legal_date(runtime.clock.now()))
