"""Public holidays of Japan and the days on which agencies are closed.

Sources: Act on National Holidays (国民の祝日に関する法律) art. 2 and 3; Act on Holidays of Administrative Organs
(行政機関の休日に関する法律) art. 1. The equinoxes follow the formula of the National Astronomical Observatory, valid
to 2099; the government announces each in February of the year before.
"""

from datetime import date, timedelta
from functools import cache

_FIXED = {
    (1, 1): "元日",
    (2, 11): "建国記念の日",
    (2, 23): "天皇誕生日",
    (4, 29): "昭和の日",
    (5, 3): "憲法記念日",
    (5, 4): "みどりの日",
    (5, 5): "こどもの日",
    (8, 11): "山の日",
    (11, 3): "文化の日",
    (11, 23): "勤労感謝の日",
}
_MONDAYS = {(1, 2): "成人の日", (7, 3): "海の日", (9, 3): "敬老の日", (10, 2): "スポーツの日"}
FIRST_YEAR, LAST_YEAR = 2022, 2099


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The public holidays of `year` with their Japanese names, 2022 to 2099; ValueError outside.

    Earlier years had exceptions (the Olympics, the accession) that the formula does not know.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
    days = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    days |= {_monday(year, month, nth): name for (month, nth), name in _MONDAYS.items()}
    days[date(year, 3, _equinox(year, 20.8431))] = "春分の日"
    days[date(year, 9, _equinox(year, 23.2488))] = "秋分の日"
    named = sorted(days)
    for day in named:
        if day.weekday() == 6:
            substitute = day + timedelta(days=1)
            while substitute in days:
                substitute += timedelta(days=1)
            days[substitute] = "振替休日"
        between = day + timedelta(days=1)
        if day + timedelta(days=2) in named and between not in days:
            days[between] = "国民の休日"
    return dict(sorted(days.items()))


def is_agency_holiday(day: date) -> bool:
    """Whether offices are closed: Saturday, Sunday, public holiday, 29 December to 3 January."""
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= 5 or year_end or day in public_holidays(day.year)


def business_day_from(day: date) -> date:
    """`day` itself where offices are open, else the next day on which they are."""
    while is_agency_holiday(day):
        day += timedelta(days=1)
    return day


def _monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))


def _equinox(year: int, base: float) -> int:
    return int(base + 0.242194 * (year - 1980) - (year - 1980) // 4)
