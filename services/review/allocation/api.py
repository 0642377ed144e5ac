"""HTTP: the work queue, and who has a case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.review.allocation import commands
from services.review.allocation.schemas import Reassignment
from services.review.allocation.store import QueueFilter
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from shared.auth import Caller, Record, Role, permit, readers, scope_of
from shared.errors import Forbidden, Text
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once

router = APIRouter(prefix="/v1/cases", tags=["allocation"])


@router.get("", operation_id="listCases", dependencies=[permit(*readers(Record.CASE), kinds=("officer",))])
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
    found = await run(commands.search, wanted, paging.after(datetime, UUID), paging.limit)
    return paging.page(found.items, key=lambda case: (case.submitted_at, case.id))


@router.post(
    "/{case_id}/reassignment",
    operation_id="reassignCase",
    dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))],
)
async def reassign(case_id: UUID, body: Reassignment, once: Once) -> CaseBrief:
    """Give the case to another examiner."""
    return await once(commands.reassign, case_id, body.examiner_id, body.note)
