"""When people are reminded of a draft: the end of the stay that it concerns, and the draft's own."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Pauses:
    """Times without a touch after which the owner of a draft is reminded, and one that was never edited is deleted."""

    reminder: timedelta
    deletion: timedelta

    @classmethod
    def in_days(cls, reminder: int, deletion: int) -> "Pauses":
        return cls(timedelta(days=reminder), timedelta(days=deletion))

    @property
    def grace(self) -> timedelta:
        """Time from the reminder to the deletion: a day at least."""
        return max(self.deletion - self.reminder, timedelta(days=1))

    def deleted_on(self, revision: int, begun: datetime, reminded: datetime | None, now: datetime) -> date | None:
        """The day on which a draft is deleted if nobody edits it; None for one that was edited, which stays.

        `begun` is when it was saved last. A reminder that did not go out yet goes out first.
        """
        if revision > 1:
            return None
        due = reminded or max(begun + self.reminder, now)
        return max(legal_date(begun + self.deletion), deletion_day(due, self.grace))
