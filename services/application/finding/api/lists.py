"""Routes of lists: an owner's applications, searched, filtered, in order and counted."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from services.application.finding.domain.wanted import Sort
from services.application.finding.schemas.lists import (
    ADay,
    Asked,
    Ids,
    InCharge,
    ListPage,
    Offices,
    Procedures,
    Statuses,
    StatusesOfResidence,
    Words,
    place_of,
)
from services.application.finding.store import lists
from services.application.progress.schemas import listed
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit
from shared.clock import legal_date
from shared.http import PageQuery
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
router = APIRouter(prefix="/v1/applications", tags=["applications"])


async def asked(
    id: Annotated[Ids, Query()] = None,
    status: Annotated[Statuses, Query()] = None,
    procedure: Annotated[Procedures, Query()] = None,
    status_of_residence: Annotated[StatusesOfResidence, Query()] = None,
    office: Annotated[Offices, Query()] = None,
    in_charge: Annotated[InCharge, Query()] = None,
    q: Annotated[Words, Query()] = None,
    stay_from: Annotated[ADay, Query(description="the stay ends on this day or later")] = None,
    stay_to: Annotated[ADay, Query(description="the stay ends on this day or sooner")] = None,
    filed_from: Annotated[ADay, Query(description="filed on this day or later")] = None,
    filed_to: Annotated[ADay, Query(description="filed on this day or sooner")] = None,
    sort: Annotated[Sort, Query(description="order of the list")] = Sort.NEWEST,
) -> Asked:
    """The query parameters of a list: which applications, in which order."""
    named = {
        "id": id,
        "status": status,
        "procedure": procedure,
        "status_of_residence": status_of_residence,
        "office": office,
        "in_charge": in_charge,
        "q": q,
        "stay_from": stay_from,
        "stay_to": stay_to,
        "filed_from": filed_from,
        "filed_to": filed_to,
        "sort": sort,
    }
    try:
        # As it was sent: the readers of its fields take text.
        return Asked.model_validate(to_jsonable_python(named))
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("query", *each["loc"])} for each in error.errors()]) from None


ListAsked = Annotated[Asked, Depends(asked)]


@router.get("")
async def list_own(
    runtime: CurrentRuntime,
    actor: Applicant,
    paging: PageQuery,
    asked: ListAsked,
    counts: Annotated[bool, Query(description="count the applications of each status and procedure as well")] = False,
) -> ListPage:
    """The applications of the organisation or person the caller acts for, in the caller's roles; newest first."""
    owner, wanted = Owner.of(actor), asked.wanted(legal_date(runtime.clock.now()))
    # A page goes on as the one before was found.
    after = paging.after(date if wanted.sort is Sort.STAY_END else datetime, UUID, int)
    similar = after is not None and bool(after[-1])
    place = after[:-1] if after else None
    async with runtime.db.read() as session:
        rows = await lists.page_of(session, owner, wanted, place, paging.limit, similar=similar)
        if not rows and after is None and await lists.only_similar(session, owner, wanted):
            similar = True
            rows = await lists.page_of(session, owner, wanted, place, paging.limit, similar=similar)
        counted = await lists.counts_of(session, owner, wanted, similar=similar) if counts else None
    items = [listed(application, progress, actor) for application, progress in rows]
    page = paging.page(items, key=lambda item: (*place_of(item, wanted.sort), int(similar)))
    return ListPage(
        items=page.items,
        next=page.next,
        similar=similar and bool(page.items),
        counts=counted.states if counted else None,
        procedure_counts=counted.procedures if counted else None,
    )
