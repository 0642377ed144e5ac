"""HTTP: the work queue, and who has a case."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.review.allocation import commands
from services.review.allocation.domain import WAITS
from services.review.allocation.schemas import QueueCounts, QueuedCase, Reassignment
from services.review.allocation.store import Moment, QueueFilter, count_open
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from shared.auth import Actor, Caller, Record, Role, permit, readers, scope_of
from shared.clock import legal_date
from shared.errors import Forbidden, Text
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once
from shared.service import CurrentRuntime

Mine = Annotated[bool, Query(description="only cases that the caller has taken")]
Office = Annotated[str | None, Query(description="auditors choose; everybody else sees the own office")]
WaitName = StrEnum("WaitName", [(wait.name.upper(), wait.name) for wait in WAITS])  # type: ignore[misc]

router = APIRouter(prefix="/v1/cases", tags=["allocation"])


@router.get("", operation_id="listCases", dependencies=[permit(*readers(Record.CASE), kinds=("officer",))])
async def search(
    caller: Caller,
    paging: PageQuery,
    run: EachTime,
    state: Annotated[list[State] | None, Query(description="repeat it for several")] = None,
    mine: Mine = False,
    procedure: str | None = None,
    status_of_residence: str | None = None,
    receipt_number: str | None = None,
    wait: Annotated[WaitName | None, Query(description="what the case waits for")] = None,
    office: Office = None,
) -> Page[QueuedCase]:
    """The work queue, oldest first."""
    wanted = QueueFilter(
        office=_office_of(caller, office),
        states=tuple(dict.fromkeys(state or ())),
        examiner_id=caller.id if mine else None,
        procedure=procedure,
        status_of_residence=status_of_residence,
        receipt_number=receipt_number,
        wait=next((one for one in WAITS if one.name == wait), None),
    )
    found = await run(commands.search, wanted, paging.after(datetime, UUID), paging.limit)
    return paging.page(found.items, key=lambda case: (case.submitted_at, case.id))


@router.get("/counts", operation_id="countCases", dependencies=[permit(*readers(Record.CASE), kinds=("officer",))])
async def counts(caller: Caller, runtime: CurrentRuntime, mine: Mine = False, office: Office = None) -> QueueCounts:
    """The number of open cases by state, and by what they wait for with those that are late. It shows nobody."""
    now = runtime.clock.now()
    async with runtime.db.read() as session:
        at = Moment(now, legal_date(now))
        found = await count_open(session, _office_of(caller, office), caller.id if mine else None, at)
    return QueueCounts.of(found)


def _office_of(caller: Actor, wanted: str | None) -> str | None:
    """The office whose cases are listed: the auditor's choice (None: every office), everybody else's own."""
    scope = scope_of(caller, Record.CASE)
    if scope.nothing:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    return wanted if scope.everywhere else scope.office


@router.post(
    "/{case_id}/reassignment",
    operation_id="reassignCase",
    dependencies=[permit(Role.CHIEF_EXAMINER, kinds=("officer",))],
)
async def reassign(case_id: UUID, body: Reassignment, once: Once) -> CaseBrief:
    """Give the case to another examiner."""
    return await once(commands.reassign, case_id, body.examiner_id, body.note)
