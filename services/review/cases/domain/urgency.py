"""The day by which a case should be decided, and the standard processing period that is one of its two ends."""

from datetime import date, datetime, timedelta

from shared.clock import legal_date
from shared.reference.deadlines import deadline
from shared.reference.processing_times import STANDARD_TIMES

# The rank of a case without a flag; flags have lower ones, and the lowest comes first.
NO_FLAG = 9


def standard_end(procedure: str, received_on: date, waited_seconds: int = 0) -> date | None:
    """The last day of the standard processing period of an application received on a day, with the whole days for which
    the office waited for the applicant added; None where the procedure has no such period.

    Where the period runs from its cause, of which a case does not know the day, the cause was at most as long ago as it
    may be at the time of filing: the period ends on that day at the earliest.
    """
    row = STANDARD_TIMES.find(received_on, procedure)
    if row is None:
        return None
    end = received_on + timedelta(days=row.longest_days)
    if not row.from_receipt:
        end = deadline("acquisition", end).before(end)
    return end + timedelta(seconds=waited_seconds)


def act_by(standard: date | None, stay_expiry: date | None, special_period_end: datetime | None) -> date | None:
    """The first of the days after which somebody is harmed: the standard period is over, or the applicant may not stay.

    The special period, where there is one, takes the place of the end of the stay.
    """
    stay = legal_date(special_period_end) if special_period_end else stay_expiry
    return min((day for day in (standard, stay) if day is not None), default=None)
