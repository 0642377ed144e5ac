"""The whole service against a model of it, on a real database. Short here, thousands of steps with `make model`.

That the model sees what it is for is shown by faults that are planted in the service, each of which it has to find.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

import services.review.cards.domain as cards
import services.review.cases.commands.loading as loading
import services.review.decision.commands.effect as effect
import services.review.decision.commands.same_person as same_person
import services.review.payment.domain.refunds as refunds
import services.review.payment.domain.slip as slip
from services.review.cases.domain.flow import Outcome, advance
from services.review.cases.domain.states import TRANSITIONS, State, Step
from shared.events.review import CardMailed, ReviewCompleted
from shared.work import Work
from tests.infra.databases import TestDatabase
from tests.services.review.model import Office
from tests.services.review.paying import PayingDesk, paying

LONG = "ZAIRYU_MODEL_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("ZAIRYU_MODEL_EXAMPLES", "3"))
STEPS = int(os.environ.get("ZAIRYU_MODEL_STEPS", "40"))
# A planted fault is looked for in so many runs of so many moves; most are found in the first.
RUNS_TO_A_FAULT, MOVES_TO_A_FAULT = 10, 60


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[PayingDesk]:
    async with paying(service_database("review")) as made:
        yield made


async def walk(desk: PayingDesk, examples: int, steps: int, seeded: int | None = None) -> Counter[str]:
    """Let the office act so often; answers the states and steps that were reached."""
    reached: Counter[str] = Counter()
    problems: list[Exception] = []
    here = {"desk": desk, "loop": asyncio.get_running_loop(), "reached": reached, "problems": problems}
    machine = type("OfficeOfThisTest", (Office,), here)
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        # A run is shown as it was: making it smaller takes hundreds of others on the database.
        phases=[Phase.generate],
        print_blob=seeded is None,
        suppress_health_check=list(HealthCheck),
    )
    if seeded is not None:
        machine = seed(seeded)(machine)
    try:
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=limits)
    except Flaky as other:
        # Ids and times are others when a run is repeated; what was found first counts.
        raise problems[0] from other
    return reached


async def test_officers_in_any_order_never_bring_about_what_must_not_be(desk: PayingDesk) -> None:
    # The same steps in every run of the suite; `make model` draws others each time.
    await walk(desk, EXAMPLES, STEPS, seeded=None if LONG else 1)
    assert await desk.service.journal_problems() == []


def _allow(patch: pytest.MonkeyPatch, step: Step, **changes: Any) -> None:
    patch.setitem(TRANSITIONS, step, replace(TRANSITIONS[step], **changes))


def _lose(patch: pytest.MonkeyPatch, kind: type[Any]) -> None:
    emit = Work.emit
    patch.setattr(Work, "emit", lambda work, event: None if isinstance(event, kind) else emit(work, event))


def _made_at_once(case: Any) -> State:
    return State.CARD_PRODUCTION


# Each plants one fault in the service.
FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "who proposed decides": lambda patch: _allow(patch, Step.APPROVE, second=False),
    "who decided recalls": lambda patch: _allow(patch, Step.RECALL, another=False),
    "a card without its fee": lambda patch: patch.setattr(cards, "state_after_payment", _made_at_once),
    "a card without the old one": lambda patch: patch.setattr(slip, "state_after_payment", _made_at_once),
    "a decision that nobody learns of": lambda patch: _lose(patch, ReviewCompleted),
    "a mailing that nobody learns of": lambda patch: _lose(patch, CardMailed),
    "a state without its reason": lambda patch: patch.setattr(
        cards, "mail", lambda case, by: advance(case, Step.MAIL, by, State.DELIVERED)
    ),
    "another result for the applicant": lambda patch: patch.setitem(effect._OUTCOMES, Outcome.REFUSE, "granted"),
    "an officer of another office": lambda patch: patch.setattr(loading, "sees", lambda *_: True),
    "two decisions on one person": lambda patch: patch.setattr(same_person, "holds_decision", lambda _: False),
    "a refund by one officer": lambda patch: patch.setattr(refunds, "check_decision", lambda *_: None),
}


@pytest.mark.skipif(not LONG, reason="part of `make model`")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_that_is_planted_is_found(desk: PayingDesk, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    FAULTS[fault](monkeypatch)
    with pytest.raises(Exception) as found:
        await walk(desk, RUNS_TO_A_FAULT, MOVES_TO_A_FAULT, seeded=1)
    assert isinstance(found.value, AssertionError | IntegrityError), found.value
