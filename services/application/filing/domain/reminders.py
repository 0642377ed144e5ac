"""When people are reminded of a draft: the end of the stay that it concerns, and the draft's own."""

from datetime import date, datetime, timedelta

from shared.clock import legal_date

# Days before the end of a stay on which the person in charge of a draft is reminded of it.
STAY_REMINDERS = (90, 30, 7)


def stay_reminder(stay_end: date | None, today: date) -> int | None:
    """The reminder that is due or was the last one due: the least of `STAY_REMINDERS` that reaches to the end.

    None where the end is not known, further away, or over.
    """
    if stay_end is None or stay_end < today:
        return None
    left = (stay_end - today).days
    return min((days for days in STAY_REMINDERS if left <= days), default=None)


def deletion_day(reminded: datetime, grace: timedelta) -> date:
    """The day on which a draft that was never edited is deleted, after a reminder of it."""
    return legal_date(reminded + grace)
