"""The clock of a case: what officers are told when its time comes, each once, and what the queue shows of it.

Each concern is a row: the states it happens in, and the day or moment of the case that it counts from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.review.cases.domain.states import UNDECIDED, WITH_APPLICANT, State
from shared.clock import end_of_day_jst

# Working targets of this project, not law.
PRODUCTION_DAYS = 10
MAILING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Dates:
    """The days and moments of a case that its clock counts from."""

    standard_end: date | None
    special_period_end: datetime | None
    documents_due: date | None
    state_since: datetime

    @classmethod
    def of(cls, case: Any) -> "Dates":
        return cls(case.standard_end, case.special_period_end, case.documents_due, case.state_since)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that officers look at from `days` after the end of a day, or after a moment, of the case on.

    `after` is the name of it in `Dates`. `level` orders those of one subject: the highest is shown. It is reported once
    for a case, with `again` once for each day that it counts from.
    """

    name: str
    states: frozenset[State]
    after: str
    days: int = 0
    subject: str = ""
    level: int = 0
    again: bool = False

    def due(self, dates: Dates) -> datetime | None:
        """The moment from which it holds in its states; None where the case does not have that day."""
        start = getattr(dates, self.after)
        if start is None:
            return None
        moment: datetime = start if isinstance(start, datetime) else end_of_day_jst(start) + timedelta(seconds=1)
        return moment + timedelta(days=self.days)

    def about(self, dates: Dates) -> date | None:
        """The day for which it is reported; None where it is reported once for the case."""
        return getattr(dates, self.after) if self.again else None

    @property
    def of_a_moment(self) -> bool:
        """Whether it counts from a moment and not from a day."""
        return self.after in ("special_period_end", "state_since")


def _special(days: int, level: int) -> Concern:
    name = f"special_{days}" if days else "special_ended"
    return Concern(name, UNDECIDED, "special_period_end", -days, "special", level)


CONCERNS: tuple[Concern, ...] = (
    # The applicant's own time is added to the period when it is over; until then the clock stands.
    Concern("standard_exceeded", UNDECIDED - WITH_APPLICANT, "standard_end"),
    _special(14, 1),
    _special(7, 2),
    _special(1, 3),
    _special(0, 4),
    Concern("documents_overdue", frozenset({State.DOCS_REQUESTED}), "documents_due", again=True),
    Concern("production_late", frozenset({State.CARD_PRODUCTION}), "state_since", PRODUCTION_DAYS),
    Concern("mailing_late", frozenset({State.CARD_ISSUED}), "state_since", MAILING_DAYS),
)
BY_NAME = {concern.name: concern for concern in CONCERNS}


def holding(state: State, dates: Dates, now: datetime) -> list[Concern]:
    """Every concern of a case now."""
    return [concern for concern, due in _dues(state, dates) if due <= now]


def shown(state: State, dates: Dates, now: datetime) -> list[Concern]:
    """The concerns of a case now, of one subject the highest: that a special period ends tomorrow, not in 14 days."""
    found = holding(state, dates, now)
    return [
        one for one in found if not any(other.subject == one.subject and other.level > one.level for other in found)
    ]


def next_due(state: State, dates: Dates, now: datetime) -> datetime | None:
    """The next moment at which something has to be told; None where nothing will, as long as the case stands still."""
    return min((due for _, due in _dues(state, dates) if due > now), default=None)


def _dues(state: State, dates: Dates) -> Iterator[tuple[Concern, datetime]]:
    for concern in CONCERNS:
        due = concern.due(dates) if state in concern.states else None
        if due is not None:
            yield concern, due
