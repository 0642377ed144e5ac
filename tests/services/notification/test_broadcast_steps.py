"""The steps of a broadcast by several operators: whatever they try, nobody approves what they wrote."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notification.broadcasts.domain import (
    RESUMABLE,
    State,
    Step,
    after,
    banner_holds,
    may_approve,
    resumable_until,
)
from tests.services.notification.conftest import START

ENDED = (State.SENT, State.STOPPED)
_STOPPED_AT = START + timedelta(days=1)
# Two accounts of one human, two others, and one of whom nothing more is known.
OPERATORS = [(uuid4(), "first"), (uuid4(), "first"), (uuid4(), "second"), (uuid4(), "third"), (uuid4(), None)]


@dataclass
class Model:
    """A broadcast as its commands keep it."""

    state: State = State.DRAFT
    writers: set[UUID] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    approved_by: tuple[UUID, str | None] | None = None

    def take(self, step: Step, by: tuple[UUID, str | None]) -> None:
        following = after(self.state, step)
        if following is None:
            return
        if step is Step.APPROVE and not may_approve(*by, self.writers, self.persons):
            return
        if step is Step.RESUME and resumable_until(START if self.approved_by else None, _STOPPED_AT) is None:
            return
        if step in (Step.CHANGE, Step.PROPOSE):
            self.writers.add(by[0])
            self.persons |= {by[1]} if by[1] else set()
        if step is Step.APPROVE:
            self.approved_by = by
        self.state = following


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            # The steps that lead further more often, so that many runs reach the end.
            st.sampled_from([*Step, *(Step.PROPOSE, Step.APPROVE) * 2, Step.START, Step.FINISH, Step.RESUME]),
            st.sampled_from(OPERATORS),
        ),
        max_size=30,
    )
)
def test_whatever_operators_do_two_people_stand_behind_what_is_sent(
    steps: list[tuple[Step, tuple[UUID, str | None]]],
) -> None:
    model = Model()
    model.take(Step.CHANGE, OPERATORS[0])
    for step, by in steps:
        before = model.state
        model.take(step, by)
        if before in ENDED and step is not Step.RESUME:
            assert model.state is before, "an end stands"
        if before is State.SENT:
            assert model.state is State.SENT
        if model.state in (State.SCHEDULED, State.SENDING, State.SENT):
            assert model.approved_by is not None
            account, person = model.approved_by
            assert account not in model.writers
            assert person is None or person not in model.persons
        if model.state in (State.DRAFT, State.PROPOSED):
            assert model.approved_by is None


@pytest.mark.parametrize("state", list(State))
def test_everything_that_has_not_ended_can_be_stopped(state: State) -> None:
    assert after(state, Step.STOP) is (None if state in ENDED else State.STOPPED)


def test_what_was_approved_can_be_resumed_for_a_time_and_nothing_else() -> None:
    assert {state for state in State if after(state, Step.RESUME)} == {State.STOPPED}
    assert resumable_until(START, _STOPPED_AT) == _STOPPED_AT + RESUMABLE
    assert resumable_until(None, _STOPPED_AT) is None


@pytest.mark.parametrize(
    ("state", "after_hours", "ended", "shown"),
    [
        (State.SCHEDULED, 1, False, True),
        (State.SENT, 1, False, True),
        (State.SENT, 1, True, False),
        (State.SENT, -1, False, False),
        (State.SENT, 3, False, False),
        (State.PROPOSED, 1, False, False),
        (State.STOPPED, 1, False, False),
    ],
)
def test_a_banner_is_shown_in_its_time_once_it_is_approved(
    state: State, after_hours: int, ended: bool, shown: bool
) -> None:
    now, until = START + timedelta(hours=after_hours), START + timedelta(hours=3)
    assert banner_holds(state, START, until, START if ended else None, now) is shown
