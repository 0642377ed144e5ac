"""The time, as an argument: aware UTC inside, Asia/Tokyo for legal dates."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")


class Clock(Protocol):
    """Source of the present time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when a test advances it: deadlines are tested without waiting."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("start must carry a time zone: a naive time is ambiguous")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move forward by `step`; time never runs backwards here."""
        if step < timedelta(0):
            raise ValueError("a clock does not run backwards")
        self._now += step


def legal_date(moment: datetime) -> date:
    """The calendar day in Japan on which `moment` falls: what the law calls the date of an act."""
    return moment.astimezone(JST).date()


def end_of_day_jst(day: date) -> datetime:
    """The last second of `day` in Japan, as aware UTC."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=JST).astimezone(UTC)
