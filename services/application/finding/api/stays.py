"""Routes of stays that end: the calendar, and the renewals of many at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.application.filing.api import Keys
from services.application.finding.commands import renewals
from services.application.finding.domain.stays import MONTHS_AHEAD, Renewal, Unit
from services.application.finding.domain.wanted import Days
from services.application.finding.problems import LAST_BEFORE_FIRST
from services.application.finding.schemas.lists import ADay
from services.application.finding.schemas.stays import (
    Endings,
    EndingView,
    RenewalsBegun,
    RenewalsBody,
    StayView,
)
from services.application.finding.store import stays
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit
from shared.clock import legal_date
from shared.errors import Invalid
from shared.http import Page, PageQuery, PlacedFieldProblem
from shared.http.commands import Once
from shared.reference.periods import add_months
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
router = APIRouter(prefix="/v1/stays", tags=["stays"])
First = Annotated[ADay, Query(description="the first day; today unless it is given")]
Last = Annotated[ADay, Query(description="the last day; twelve months after the first unless it is given")]


@router.get("")
async def list_stays(
    runtime: CurrentRuntime,
    actor: Applicant,
    paging: PageQuery,
    stay_from: First = None,
    stay_to: Last = None,
    renewal: Annotated[Renewal | None, Query(description="only those with, or without, a renewal under way")] = None,
) -> Page[StayView]:
    """The stays that end in these days, one for each person, the first first."""
    today, after = legal_date(runtime.clock.now()), paging.after(date, UUID)
    async with runtime.db.read() as session:
        found = await stays.stays_of(
            session, Owner.of(actor), days_of(today, stay_from, stay_to), renewal, after, paging.limit
        )
    items = [StayView.of(stay, actor, today) for stay in found]
    return paging.page(items, key=lambda item: (item.ends_on, item.application.id))


@router.get("/counts")
async def count_stays(
    runtime: CurrentRuntime,
    actor: Applicant,
    stay_from: First = None,
    stay_to: Last = None,
    by: Annotated[Unit, Query(description="the unit of time")] = Unit.MONTH,
) -> Endings:
    """The number of stays that end in each month, or on each day, and how many of them are being renewed."""
    days = days_of(legal_date(runtime.clock.now()), stay_from, stay_to)
    async with runtime.db.read() as session:
        found = await stays.endings_of(session, Owner.of(actor), days, by)
    return Endings(items=[EndingView.of(ending) for ending in found])


@router.post("/renewals")
async def begin_renewals(actor: Applicant, body: RenewalsBody, once: Once, keys: Keys) -> RenewalsBegun:
    """Begin an extension for each of these people, with what can still be true of their application.

    Where one is under way, it is named and none is begun; what cannot be begun is refused for itself.
    """
    return await once(renewals.begin_renewals, body.application_ids, keys)


def days_of(today: date, first: date | None, last: date | None) -> Days:
    """The days that are asked for, else those of the calendar. Raises `Invalid` where the last is before the first."""
    first = first or today
    last = last or add_months(first, MONTHS_AHEAD)
    if last < first:
        raise Invalid(fields=[PlacedFieldProblem("/stay_to", "ends-before-it-begins", LAST_BEFORE_FIRST, "query")])
    return Days(first, last)
