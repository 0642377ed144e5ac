"""Figures: what is counted of a case, its durations in whole days, and when a queue will be done.

A duration is counted in whole days, so that any group of months, offices and statuses can be put together again from
the number of cases that took so many days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.review.cases.domain.states import WITH_APPLICANT, State

# Groups of fewer cases are not published: an applicant could be recognised in them.
FEWEST_PUBLISHED = 5
# What is published goes over so many full months.
PUBLISHED_MONTHS = 3
# The rate at which a queue gets shorter is that of the last full months.
RATE_MONTHS = 3
# Ages in days at which a group of open cases ends: the first are younger than 7 days, the last are 90 or older.
AGES = (7, 14, 30, 60, 90)
# A month is counted again until it has been over for so long: a transaction may commit late.
FINAL_AFTER = timedelta(days=2)


class Measure(StrEnum):
    """A duration that is measured of a decided case, in whole days."""

    TOTAL = "total"  # from the receipt to the decision, of grants alone, as the agency publishes it
    OFFICE = "office"  # the same without waiting for the applicant
    APPLICANT = "applicant"  # waiting for the applicant


class Group(StrEnum):
    """The columns by which figures are grouped."""

    MONTH = "month"
    OFFICE = "office"
    PROCEDURE = "procedure"
    STATUS = "status_of_residence"


NOT_GRANTED: Mapping[State, str] = {
    State.DECIDED_REFUSE: "refused",
    State.NOT_ACCEPTED: "not_accepted",
    State.WITHDRAWN: "withdrawn",
    State.TERMINATED: "terminated",
}


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a group of cases, in days. `mean` is exact to a day for each case; `median` and `p90` are the fewest
    days within which at least 50 and 90 per cent of them were done."""

    cases: int
    mean: float
    median: int
    p90: int


def first_of_month(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> Sequence[date]:
    """Every month from `first` to `last`, both included."""
    found = [first_of_month(first)]
    while found[-1] < first_of_month(last):
        found.append(months_before(found[-1], -1))
    return found


def is_waiting_for_applicant(state: State) -> bool:
    """Whether a case in this state waits for the applicant and not for the office."""
    return state in WITH_APPLICANT


def days_until_done(waiting: int, decided: int, over_days: int) -> int | None:
    """The days after which a queue is done at the rate of the last months; None where nothing was decided."""
    if waiting == 0:
        return 0
    return None if decided <= 0 or over_days <= 0 else -(-waiting * over_days // decided)
