"""Cases and officers of these tests, and the refusal that a rule raises."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.review.cases.domain.flow import Issue, Officer, Progress
from services.review.cases.domain.refusal import Refused
from services.review.cases.domain.states import ActingRole, State

TODAY = date(2026, 7, 15)
ME, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
EXAMINER = Officer(ME, frozenset({ActingRole.EXAMINER}))
CHIEF = Officer(OTHER, frozenset({ActingRole.CHIEF_EXAMINER}))
CARD_OFFICE = Officer(THIRD, frozenset({ActingRole.CARD_OFFICE}))


def case(state: State, **given: Any) -> Progress:
    """A case in a state that `EXAMINER` has, unless `given` says otherwise."""
    return Progress(state, **{"issue": Issue.CARD, "examiner": ME, **given})


def refusal(act: Callable[[], object]) -> tuple[str, str | None]:
    """Code and pointer of the refusal that `act` raises."""
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.text.ja
    assert refused.value.text.en
    return refused.value.code, refused.value.pointer
