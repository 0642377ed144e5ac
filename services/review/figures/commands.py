"""Counting figures: each month again until it is final, and what is open now."""

from datetime import date, datetime, time

from services.review.cases.domain.states import UNDECIDED, WITH_APPLICANT
from services.review.figures import store
from services.review.figures.domain import FINAL_AFTER, first_of_month, months_before, months_between
from shared.clock import JST, legal_date
from shared.work import Work

# Months of which one round counts: the first round after an outage, or on old data, leaves the rest to the next ones.
_AT_ONCE = 6


async def count_figures(work: Work) -> int:
    """Count the months that are not final, oldest first, and what is open; returns how many months are left."""
    states = [state.value for state in UNDECIDED]
    waiting = [state.value for state in UNDECIDED if state in WITH_APPLICANT]
    await store.count_queues(work.session, work.now, states, waiting)
    first = await store.first_month(work.session)
    if first is None:
        return 0
    known = await store.months(work.session)
    open_months = [month for month in months_between(legal_date(first), work.today) if not known.get(month, False)]
    for month in open_months[:_AT_ONCE]:
        start, stop = beginning(month), beginning(months_before(month, -1))
        final = stop + FINAL_AFTER <= work.now
        await store.count_month(work.session, month, start, stop, work.now, final)
    return len(open_months[_AT_ONCE:])


def beginning(month: date) -> datetime:
    """The moment at which a month begins in Japan."""
    return datetime.combine(first_of_month(month), time(), JST)
