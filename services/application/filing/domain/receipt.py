"""Special period of an application on its receipt (特例期間)."""

from datetime import date, datetime, timedelta

from shared.reference.deadlines import special_period_end
from shared.reference.periods import Period, add_months, stay_days


def stay_began_on(expiry: date, period: str) -> date | None:
    """The day on which the present stay was granted, counted back from its end; None for a stay without an end."""
    length = Period.parse(period)
    if length.indefinite:
        return None
    return add_months(expiry, -(length.years * 12 + length.months)) - timedelta(days=length.days)


def special_period(expiry: date | None, period: str | None, filed_on: date) -> datetime | None:
    """Until when the old status holds while this application pends (特例期間); None where the rule does not apply.

    `expiry` and `period` are the end and the length of the present stay; an applicant who is abroad has neither.
    """
    if expiry is None or period is None:
        return None
    began = stay_began_on(expiry, period)
    if began is None:
        return None
    return special_period_end(expiry, filed_on, stay_days(began, expiry))
