"""One person in two cases: which other cases count, and what an officer can find about them.

The cases of one person share a key (`person_keys` of ApplicationSubmitted), no matter who files. The first decision
goes ahead; the second waits until the examiner of its case has written down how the two belong together.
"""

from datetime import datetime
from enum import StrEnum

from services.review.cases.domain.states import CLOSED, UNDECIDED, State


class Relation(StrEnum):
    """The ways in which two cases with one key belong together."""

    DIFFERENT_PEOPLE = "different_people"  # the key is shared by chance, or a number was mistyped
    BOTH_NEEDED = "both_needed"  # the same person, and both applications are to be decided


# Nothing was decided on the merits, and nothing will be.
WITHOUT_EFFECT = frozenset({State.WITHDRAWN, State.TERMINATED, State.NOT_ACCEPTED})


def concerns(other: State, decided_at: datetime | None, submitted_at: datetime) -> bool:
    """Whether another case of the person concerns one that was filed at `submitted_at`: it is open, or it was decided
    while this one waited."""
    if other in WITHOUT_EFFECT:
        return False
    return other not in CLOSED or (decided_at is not None and decided_at >= submitted_at)


def holds_decision(other: State) -> bool:
    """Whether the other case is decided, in effect or not yet, so that a decision here would be the person's second."""
    return other is State.DECIDED or (other not in UNDECIDED and other not in WITHOUT_EFFECT)
