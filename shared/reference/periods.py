"""Periods of stay (在留期間) as codes, and the arithmetic of months.

A code is `INF` (無期限), `DIP` (duration of the activity), or years, months and days: `Y3`, `M6`, `D90`, `Y4M3`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import Text
from shared.texts import sentences

_CODE = re.compile(r"(?:Y(?P<years>[1-9]\d?))?(?:M(?P<months>[1-9]\d?))?(?:D(?P<days>[1-9]\d{0,2}))?")
_ENDLESS = ("INF", "DIP")
_YEAR_START = date(2001, 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day.

    Source: Civil Code art. 143. The first day is not counted (art. 140), so a period of months that begins with an
    event on `day` ends with the day returned here.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """A period of stay. `indefinite` covers 無期限 and the duration of a diplomat's activity."""

    years: int = 0
    months: int = 0
    days: int = 0
    indefinite: bool = False

    @classmethod
    def parse(cls, code: str) -> "Period":
        """The period that `code` names; ValueError for anything else."""
        if code in _ENDLESS:
            return cls(indefinite=True)
        found = _CODE.fullmatch(code)
        if not code or found is None:
            raise ValueError(f"{code!r} is not a period of stay: write Y3, M6, D90, Y4M3 or INF")
        years, months, days = (int(found[name] or 0) for name in ("years", "months", "days"))
        return cls(years=years, months=months, days=days)

    def end(self, start: date) -> date | None:
        """The last day of a stay granted on `start`; None where it has no end."""
        if self.indefinite:
            return None
        return add_months(start, self.years * 12 + self.months) + timedelta(days=self.days)

    def days_from(self, start: date) -> int | None:
        """Length in days of a stay granted on `start`; None where it has no end."""
        last = self.end(start)
        return None if last is None else (last - start).days

    def fits_in(self, limit: "Period") -> bool:
        """Whether this is at most as long as `limit`, both counted from the first day of a year."""
        length, most = self.days_from(_YEAR_START), limit.days_from(_YEAR_START)
        return most is None or (length is not None and length <= most)


def is_period(code: str) -> bool:
    """Whether a text is the code of a period of stay."""
    return code in _ENDLESS or (bool(code) and _CODE.fullmatch(code) is not None)


def period_name(code: str) -> Text:
    """The words for a period of stay: `Y4M3` is 4年3月, 4 years 3 months. ValueError where the code is none."""
    period = Period.parse(code)
    if period.indefinite:
        return Text("無期限", "Indefinite") if code == "INF" else Text("活動を行う期間", "Duration of the activity")
    parts = [
        (period.years, Text("1年", "1 year"), Text("{number}年", "{number} years")),
        (period.months, Text("1月", "1 month"), Text("{number}月", "{number} months")),
        (period.days, Text("1日", "1 day"), Text("{number}日", "{number} days")),
    ]
    return sentences(
        *(one if number == 1 else many.with_values(number=number) for number, one, many in parts if number)
    )


_WORDS = re.compile(
    r"(?:(?P<years>\d+) ?(?:年|years?))? ?(?:(?P<months>\d+) ?(?:か月|ヶ月|ヵ月|ケ月|月|months?))? ?"
    r"(?:(?P<days>\d+) ?(?:日|days?))?"
)


def period_code(words: str) -> str | None:
    """The code of the period that these words name, as `period_name` says them or nearly; None where they name none."""
    words = words.strip().lower()
    for code in _ENDLESS:
        if words in (period_name(code).ja, period_name(code).en.lower()):
            return code
    found = _WORDS.fullmatch(words)
    if found is None:
        return None
    return "".join(f"{n[0].upper()}{int(found[n])}" for n in ("years", "months", "days") if found[n]) or None


def stay_days(granted_on: date, expiry: date) -> int:
    """Length in days of the present stay, as the rule of the special period counts it (first day not counted)."""
    return (expiry - granted_on).days


def monthly(shortest: str, longest: str) -> tuple[str, ...]:
    """The codes of all whole months from `shortest` to `longest`, the longest first: `Y3 Y2M11 ... M4`."""
    first, last = (_months(Period.parse(code)) for code in (shortest, longest))
    return tuple(_code(*divmod(months, 12)) for months in range(last, first - 1, -1))


def _months(period: Period) -> int:
    return period.years * 12 + period.months


def _code(years: int, months: int) -> str:
    return "".join(f"{letter}{number}" for letter, number in (("Y", years), ("M", months)) if number)
