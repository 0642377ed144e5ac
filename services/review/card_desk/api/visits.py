"""HTTP: counter visits, for the owner of an application and for the counter."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.review.card_desk.commands import visits as commands
from services.review.card_desk.commands.offices import own_office
from services.review.card_desk.domain import visits
from services.review.card_desk.schemas.visits import (
    BookedTime,
    Booking,
    CounterVisit,
    TimeOffered,
    VisitOfDay,
    VisitsOfDay,
)
from services.review.card_desk.store.visits import booking_of, taken_by_time, visits_of_day
from services.review.cases.domain.states import State
from services.review.cases.store import own_case
from shared.auth import APPLICANT_ROLES, Actor, Caller, Owner, Role, permit
from shared.clock import legal_date
from shared.errors import NotFound
from shared.http.commands import Once
from shared.service import CurrentRuntime
from shared.text.typed import Day

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]

router = APIRouter(prefix="/v1/visits", tags=["counter visits"])
desk_router = APIRouter(prefix="/v1/card-desk", tags=["card desk"])


@router.get("/{application_id}", operation_id="readCounterVisit")
async def read(application_id: UUID, caller: Applicant, runtime: CurrentRuntime) -> CounterVisit:
    """The visit that one's own application needs: the times offered, and the one that is booked."""
    async with runtime.db.read() as session:
        case = await own_case(session, application_id, Owner.of(caller))
        if case is None:
            raise NotFound()
        now = runtime.clock.now()
        needed = case.state == State.COUNTER_VISIT
        booking = await booking_of(session, case.id)
        taken = await taken_by_time(session, case.office, now) if needed else {}
    times = visits.times_offered(case.office, legal_date(now), None) if needed else []
    places = visits.counter_of(case.office).places
    return CounterVisit(
        receipt_number=case.receipt_number,
        needed=needed,
        office=case.office,
        booked=BookedTime.model_validate(booking) if booking else None,
        times=[TimeOffered(starts_at=at, free=max(0, places - taken.get(at, 0))) for at in times],
    )


@router.put("/{application_id}", operation_id="bookCounterVisit")
async def book(application_id: UUID, body: Booking, caller: Applicant, once: Once) -> BookedTime:
    """Book a time, or move the visit to it. 409 `time-full` where others were quicker."""
    return await once(commands.book, application_id, body.starts_at)


@desk_router.get("/visits", operation_id="readVisits", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def read_visits(
    caller: Caller, runtime: CurrentRuntime, day: Annotated[Day | None, Query()] = None
) -> VisitsOfDay:
    """The visits to the counter of one's own office on a day (today's, unless one is named)."""
    on = day or legal_date(runtime.clock.now())
    async with runtime.db.read() as session:
        found = await visits_of_day(session, own_office(caller), on)
    return VisitsOfDay(
        day=on,
        visits=[
            VisitOfDay(
                starts_at=booking.starts_at,
                place=booking.place,
                case_id=case.id,
                receipt_number=case.receipt_number,
                state=case.state,
            )
            for booking, case in found
        ],
    )
