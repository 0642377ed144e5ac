"""The waits of a case: its clock, its duration, its urgency, its flags, and the examiners it may go to."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.review.allocation.domain import flags
from services.review.allocation.domain.examiners import Skill, check_absence, check_skill
from services.review.allocation.domain.waits import WAITS
from services.review.cases.domain import clock
from services.review.cases.domain.clock import BY_NAME, Dates
from services.review.cases.domain.duration import duration, waited
from services.review.cases.domain.states import State
from services.review.cases.domain.urgency import NO_FLAG, act_by, standard_end
from services.review.decision.domain.same_person import concerns, holds_decision
from services.review.figures import domain as figures
from tests.unit.review.support import CHIEF, EXAMINER, TODAY, case, refusal

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 7, 15, 15, tzinfo=UTC)  # after TODAY, in Japan
SINCE = datetime(2026, 7, 1, tzinfo=UTC)


def _dates(**given: Any) -> Dates:
    usual: dict[str, Any] = dict.fromkeys(("standard_end", "special_period_end", "documents_due"))
    return Dates(**usual | {"state_since": SINCE} | given)


@pytest.mark.parametrize(
    ("state", "dates", "name", "due"),
    [
        (State.UNDER_REVIEW, _dates(standard_end=TODAY), "standard_exceeded", MIDNIGHT),
        (State.DOCS_REQUESTED, _dates(documents_due=TODAY), "documents_overdue", MIDNIGHT),
        (State.CARD_PRODUCTION, _dates(), "production_late", SINCE + 10 * DAY),
        (State.CARD_ISSUED, _dates(), "mailing_late", SINCE + 3 * DAY),
    ],
)
def test_a_concern_holds_from_its_moment_on_in_its_states(state: State, dates: Dates, name: str, due: datetime) -> None:
    assert Dates.of(dates) == dates
    assert clock.holding(state, dates, due - timedelta(seconds=1)) == []
    assert clock.next_due(state, dates, due - timedelta(seconds=1)) == due
    assert [concern.name for concern in clock.holding(state, dates, due)] == [name]
    assert clock.next_due(state, dates, due) is None
    assert clock.holding(State.DELIVERED, dates, due) == []


def test_of_a_special_period_the_last_warning_is_shown() -> None:
    dates = _dates(special_period_end=MIDNIGHT)
    steps = [(15, []), (14, ["special_14"]), (7, ["special_7"]), (1, ["special_1"]), (0, ["special_ended"])]
    for days, names in steps:
        assert [one.name for one in clock.shown(State.PROPOSED, dates, MIDNIGHT - days * DAY)] == names
    assert len(clock.holding(State.PROPOSED, dates, MIDNIGHT)) == 4
    assert clock.next_due(State.PROPOSED, dates, MIDNIGHT - 14 * DAY) == MIDNIGHT - 7 * DAY


def test_a_concern_beside_those_of_a_special_period_is_shown_too() -> None:
    dates = _dates(special_period_end=MIDNIGHT, standard_end=TODAY)
    assert [one.name for one in clock.shown(State.PROPOSED, dates, MIDNIGHT)] == ["standard_exceeded", "special_ended"]


def test_overdue_documents_are_reported_for_each_day_that_was_set_and_others_once() -> None:
    dates = _dates(documents_due=TODAY, standard_end=TODAY)
    assert BY_NAME["documents_overdue"].about(dates) == TODAY
    assert BY_NAME["standard_exceeded"].about(dates) is None
    assert [name for name, one in BY_NAME.items() if one.of_a_moment] == [
        "special_14",
        "special_7",
        "special_1",
        "special_ended",
        "production_late",
        "mailing_late",
    ]


@pytest.mark.parametrize(
    ("state", "decided", "waiting", "with_applicant"),
    [
        (State.UNDER_REVIEW, None, 0, 60),
        (State.DOCS_REQUESTED, None, 86_400, 86_460),
        (State.ON_HOLD_INTERVIEW, None, 86_400, 86_460),
        (State.DOCS_REQUESTED, SINCE + DAY, 86_400, 60),
    ],
)
def test_time_with_the_applicant_is_counted_apart(
    state: State, decided: datetime | None, waiting: int, with_applicant: int
) -> None:
    now = SINCE + DAY
    assert waited(state, SINCE, now) == waiting
    found = duration(SINCE - DAY, state, SINCE, 60, decided, now)
    assert found.total == 2 * DAY
    assert found.with_applicant == timedelta(seconds=with_applicant)
    assert found.with_office == found.total - found.with_applicant


def test_a_duration_is_never_below_zero() -> None:
    assert duration(SINCE, State.RECEIVED, SINCE, 0, None, SINCE - DAY).total == timedelta(0)


@pytest.mark.parametrize(
    ("standard", "stay", "special", "first"),
    [
        (TODAY, TODAY + DAY, None, TODAY),
        (TODAY + DAY, TODAY, None, TODAY),
        (TODAY + 9 * DAY, TODAY, MIDNIGHT - timedelta(seconds=1) + DAY, TODAY + DAY),
        (None, TODAY, None, TODAY),
        (None, None, None, None),
    ],
)
def test_a_case_is_urgent_by_the_first_day_that_harms_somebody(
    standard: date | None, stay: date | None, special: datetime | None, first: date | None
) -> None:
    assert act_by(standard, stay, special) == first


def test_the_standard_period_begins_with_receipt_and_waiting_is_added() -> None:
    first = standard_end("EXTEND", TODAY)
    assert first is not None
    assert first > TODAY
    assert standard_end("EXTEND", TODAY, 86_400) == first + DAY
    assert standard_end("EXTEND", TODAY, 86_399) == first
    acquired = standard_end("ACQUIRE", TODAY)
    assert acquired is not None
    assert acquired < TODAY + timedelta(days=60), "it runs from the birth, of which the case does not know the day"
    assert standard_end("NOTHING", TODAY) is None


def test_flags_order_a_queue() -> None:
    assert flags.priority(["departure", "urgent"]) == 0
    assert flags.priority(["complaint"]) == flags.priority([]) == NO_FLAG
    flags.set_flag(case(State.UNDER_REVIEW), CHIEF, "urgent", ["medical"])
    flags.remove_flag(case(State.UNDER_REVIEW), CHIEF, "urgent", ["urgent"])


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: flags.set_flag(case(State.UNDER_REVIEW), EXAMINER, "urgent", []), ("role-missing", None)),
        (lambda: flags.set_flag(case(State.UNDER_REVIEW), CHIEF, "dull", []), ("unknown-reason", "/code")),
        (lambda: flags.set_flag(case(State.UNDER_REVIEW), CHIEF, "urgent", ["urgent"]), ("flagged", None)),
        (lambda: flags.remove_flag(case(State.UNDER_REVIEW), EXAMINER, "urgent", ["urgent"]), ("role-missing", None)),
        (lambda: flags.remove_flag(case(State.UNDER_REVIEW), CHIEF, "urgent", []), ("not-flagged", None)),
        (lambda: check_skill(Skill(("EXTEND", "FLY")), TODAY), ("unknown-code", "/procedures/1")),
        (lambda: check_skill(Skill((), ("KING",)), TODAY), ("unknown-code", "/statuses/0")),
        (lambda: check_absence(TODAY + DAY, TODAY, TODAY), ("wrong-order", "/last_day")),
        (lambda: check_absence(TODAY - 2 * DAY, TODAY - DAY, TODAY), ("past", "/last_day")),
    ],
)
def test_what_the_chief_enters_is_checked(act: Callable[[], object], expected: tuple[str, str | None]) -> None:
    assert refusal(act) == expected


def test_skills_and_absences_of_a_day() -> None:
    check_skill(Skill(("EXTEND",), ("STUDENT",)), TODAY)
    check_absence(TODAY - DAY, TODAY, TODAY)


@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: wait.name)
def test_a_wait_is_late_after_days(wait: Any) -> None:
    late = wait.late_after(TODAY)
    assert late == wait.days if isinstance(wait.days, int) else late > 0


@pytest.mark.parametrize(
    ("other", "decided", "expected"),
    [
        (State.UNDER_REVIEW, None, True),
        (State.DELIVERED, SINCE, True),
        (State.DELIVERED, SINCE - DAY, False),
        (State.DELIVERED, None, False),
        (State.WITHDRAWN, SINCE, False),
        (State.NOT_ACCEPTED, SINCE, False),
    ],
)
def test_other_cases_of_a_person_count_while_they_are_open_or_were_decided_meanwhile(
    other: State, decided: datetime | None, expected: bool
) -> None:
    assert concerns(other, decided, SINCE) is expected


def test_a_second_decision_waits_for_the_first_one() -> None:
    assert {state for state in State if holds_decision(state)} == set(State) - {
        State.RECEIVED,
        State.UNDER_REVIEW,
        State.DOCS_REQUESTED,
        State.DOCS_SUBMITTED,
        State.ON_HOLD_INTERVIEW,
        State.PROPOSED,
        State.NOT_ACCEPTED,
        State.WITHDRAWN,
        State.TERMINATED,
    }


def test_months_and_rates_of_figures() -> None:
    assert figures.months_between(date(2025, 11, 30), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert figures.months_before(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert figures.is_waiting_for_applicant(State.DOCS_REQUESTED)
    assert not figures.is_waiting_for_applicant(State.PROPOSED)


@pytest.mark.parametrize(
    ("waiting", "decided", "days", "expected"),
    [(0, 0, 0, 0), (5, 0, 30, None), (5, 5, 0, None), (5, 3, 30, 50), (1, 7, 10, 2)],
)
def test_a_queue_is_done_after_days_at_the_rate_of_now(
    waiting: int, decided: int, days: int, expected: int | None
) -> None:
    assert figures.days_until_done(waiting, decided, days) == expected
