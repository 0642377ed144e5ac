"""HTTP: the work queue."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.review.allocation.commands import clock
from services.review.allocation.commands import queue as commands
from services.review.allocation.domain.flags import FLAGS
from services.review.allocation.domain.waits import WAITS
from services.review.allocation.schemas.clock import Notices
from services.review.allocation.schemas.queue import QueueCounts, QueuedCase
from services.review.allocation.store.queue import Moment, QueueFilter, count_open
from services.review.cases.domain.clock import BY_NAME as CLOCK
from services.review.cases.domain.states import State
from shared.auth import Actor, Caller, Record, Role, permit, readers, scope_of
from shared.clock import legal_date
from shared.errors import Forbidden, Text
from shared.http import Page, PageQuery
from shared.http.commands import EachTime
from shared.service import CurrentRuntime

Mine = Annotated[bool, Query(description="only cases that the caller has taken")]
Office = Annotated[str | None, Query(description="auditors choose; everybody else sees the own office")]
ConcernName = StrEnum("ConcernName", [(name.upper(), name) for name in CLOCK])  # type: ignore[misc]
FlagCode = StrEnum("FlagCode", [(code.upper(), code) for code in FLAGS])  # type: ignore[misc]
WaitName = StrEnum("WaitName", [(wait.name.upper(), wait.name) for wait in WAITS])  # type: ignore[misc]
_HOUSE = tuple(role for role in readers(Record.CASE) if role is not Role.AUDITOR)

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
    concern: Annotated[ConcernName | None, Query(description="a deadline that is near or over")] = None,
    flag: Annotated[FlagCode | None, Query(description="a flag that the case has")] = None,
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
        concern=CLOCK[concern] if concern else None,
        flag=flag,
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


@router.get("/notices", operation_id="listClockNotices", dependencies=[permit(*_HOUSE, kinds=("officer",))])
async def notices(run: EachTime, mine: Mine = False) -> Notices:
    """The deadlines that the clock reported in the last seven days, about open cases; the newest first."""
    return await run(clock.list_notices, mine)


def _office_of(caller: Actor, wanted: str | None) -> str | None:
    """The office whose cases are listed: the auditor's choice (None: every office), everybody else's own."""
    scope = scope_of(caller, Record.CASE)
    if scope.nothing:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    return wanted if scope.everywhere else scope.office
