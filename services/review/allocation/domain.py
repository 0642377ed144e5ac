"""Allocation of cases to examiners, and how long a case may stand still before somebody should look.

The days are working targets, not law; change them here.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.review.cases.domain.flow import Officer, Progress, require
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.states import CLOSED, State, Step
from shared.reference.deadlines import deadline


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of waiting: the states it happens in, and after how many days it is late.

    `days` is a number of this project, or the name of a deadline of the reference data.
    """

    name: str
    states: tuple[State, ...]
    days: int | str

    def late_after(self, day: date) -> int:
        """The number of days after which it is late, as it is on `day`."""
        if isinstance(self.days, int):
            return self.days
        return (deadline(self.days, day).after(day) - day).days


WAITS: tuple[Wait, ...] = (
    Wait("not_started", (State.RECEIVED,), 3),  # a case should have an examiner within the week it came in
    # The published standard period for an extension is two weeks to one month.
    Wait("examination", (State.UNDER_REVIEW, State.DOCS_SUBMITTED, State.ON_HOLD_INTERVIEW), 30),
    Wait("documents", (State.DOCS_REQUESTED,), 0),  # counted from the due date of the request
    Wait("decision", (State.PROPOSED,), 5),
    Wait("effect", (State.DECIDED,), 1),  # decisions take effect by the clock, within the time of a recall
    # Applicants are asked to send fee slip and card together.
    Wait("fee", (State.AWAITING_FEE,), "card_materials"),
    Wait("card_materials", (State.AWAITING_FEE,), "card_materials"),
    Wait("certificate", (State.DECIDED_GRANT,), 5),
    Wait("card_production", (State.CARD_PRODUCTION,), 10),
    Wait("mailing", (State.CARD_ISSUED,), 3),
    Wait("counter_visit", (State.COUNTER_VISIT,), 30),
    Wait("delivery", (State.DISPATCHED,), 14),  # a letter that is not delivered goes back after a week of storage
)
WAITING = frozenset(State) - CLOSED


def reassign(case: Progress, by: Officer, to: UUID) -> Progress:
    """The chief gives the case to another examiner; it stays where it is."""
    require(case, Step.REASSIGN, by)
    if to == case.examiner:
        raise Wrong(
            "already-theirs", "既にその審査官が担当しています", "That examiner has the case already", "/examiner_id"
        )
    return replace(case, examiner=to)
