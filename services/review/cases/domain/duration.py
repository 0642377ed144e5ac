"""Duration of a case: time in all, with waiting for the applicant apart.

The clock runs from the receipt to the decision, a withdrawal or the end without a decision.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.review.cases.domain.states import WITH_APPLICANT, State


@dataclass(frozen=True, slots=True)
class Duration:
    """The time that a case took until now or until its decision, and the part of it spent waiting for the applicant."""

    total: timedelta
    with_applicant: timedelta

    @property
    def with_office(self) -> timedelta:
        """The time that counts against the standard duration."""
        return self.total - self.with_applicant


def waited(state: State, since: datetime, until: datetime) -> int:
    """The whole seconds for which a case in `state` waited for the applicant; 0 where it waited for the office."""
    return int((until - since).total_seconds()) if state in WITH_APPLICANT else 0


def duration(
    submitted_at: datetime,
    state: State,
    state_since: datetime,
    waited_seconds: int,
    decided_at: datetime | None,
    now: datetime,
) -> Duration:
    """The duration of a case. `waited_seconds` is what it waited for the applicant until `state_since`."""
    until = decided_at or now
    waiting = waited_seconds if decided_at else waited_seconds + waited(state, state_since, now)
    return Duration(max(until - submitted_at, timedelta(0)), timedelta(seconds=waiting))
