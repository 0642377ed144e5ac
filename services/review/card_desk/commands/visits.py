"""Counter visits: the applicant books a time, and moves it."""

from datetime import datetime
from uuid import UUID

from services.review.audit import Tag
from services.review.card_desk.domain import visits
from services.review.card_desk.schemas.visits import BookedTime
from services.review.card_desk.store.visits import lock_time
from services.review.cases.commands.loading import lock_own
from services.review.cases.domain.states import State
from services.review.cases.store import CounterBooking
from shared.work import Work


async def book(work: Work, application_id: UUID, starts_at: datetime) -> BookedTime:
    """Book a time at the counter, or move the visit to it."""
    case = await lock_own(work, application_id)
    visits.check_waits(State(case.state))
    visits.check_time(starts_at, case.office, work.today, None)
    booking = await work.session.get(CounterBooking, case.id)
    if booking is not None and booking.office == case.office and booking.starts_at == starts_at:
        return BookedTime.model_validate(booking)
    place = visits.free_place(await lock_time(work.session, case.office, starts_at), case.office)
    if booking is None:
        assert work.actor.account_id is not None
        booking = CounterBooking(
            case_id=case.id,
            office=case.office,
            starts_at=starts_at,
            place=place,
            booked_by=work.actor.account_id,
            booked_at=work.now,
        )
        work.session.add(booking)
    else:
        booking.office, booking.starts_at, booking.place, booking.booked_at = case.office, starts_at, place, work.now
    work.journal("case", case.id, Tag.BOOK_VISIT, {"starts_at": starts_at})
    return BookedTime.model_validate(booking)
