"""Kinds of waiting, and how long a case may stand still before somebody should look.

The days are working targets, not law; change them here.
"""

from dataclasses import dataclass
from datetime import date

from services.review.cases.domain.clock import MAILING_DAYS, PRODUCTION_DAYS
from services.review.cases.domain.states import TRANSITIONS, State, Step
from shared.reference.deadlines import deadline

# Cases of one kind are counted up to here: nobody works through more in a day.
MOST_COUNTED = 1_000


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
    # Given back, taken back, or come from another office; beside what the case waits for otherwise.
    Wait("unassigned", tuple(sorted(TRANSITIONS[Step.TAKE].sources)), 1),
    # The published standard period for an extension is two weeks to one month.
    Wait("examination", (State.UNDER_REVIEW, State.DOCS_SUBMITTED, State.ON_HOLD_INTERVIEW), 30),
    Wait("documents", (State.DOCS_REQUESTED,), 0),  # counted from the due date of the request
    Wait("decision", (State.PROPOSED,), 5),
    Wait("effect", (State.DECIDED,), 1),  # decisions take effect by the clock, within the time of a recall
    # Applicants are asked to send fee slip and card together.
    Wait("fee", (State.AWAITING_FEE,), "card_materials"),
    Wait("card_materials", (State.AWAITING_FEE,), "card_materials"),
    Wait("certificate", (State.DECIDED_GRANT,), 5),
    Wait("card_production", (State.CARD_PRODUCTION,), PRODUCTION_DAYS),
    Wait("mailing", (State.CARD_ISSUED, State.RETURNED), MAILING_DAYS),
    Wait("counter_visit", (State.COUNTER_VISIT,), 30),
    Wait("delivery", (State.DISPATCHED,), 14),  # a letter that is not delivered goes back after a week of storage
)
