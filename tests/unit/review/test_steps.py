"""Steps of a case: what the table of steps allows, and what each step makes of the case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.review.allocation.domain import assignment
from services.review.cards import domain as cards
from services.review.cases.domain import flow
from services.review.cases.domain.flow import Issue, Officer, Outcome, Progress, identities, issue_of, possible_steps
from services.review.cases.domain.refusal import Change, NotForYou, NotNow
from services.review.cases.domain.states import TRANSITIONS, ActingRole, State, Step
from services.review.certificates import domain as certificates
from services.review.decision.domain import flow as decision
from services.review.examination.domain import flow as examination
from services.review.payment.domain import slip
from shared.reference.caseloads import Caseload
from tests.unit.review.support import CARD_OFFICE, CHIEF, EXAMINER, ME, OTHER, THIRD, TODAY, case, refusal

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    "step", [step for step in Step if TRANSITIONS[step].role in set(ActingRole) - {"applicant", "clock"}]
)
def test_a_step_is_taken_by_its_role_in_its_states_alone(step: Step) -> None:
    transition = TRANSITIONS[step]
    by = Officer(ME, frozenset({transition.role}))
    others = Officer(ME, frozenset(ActingRole) - {transition.role})
    for state in State:
        stands = case(state, examiner=None if transition.free else ME)
        assert refusal(partial(flow.require, stands, step, others, TODAY)) == ("role-missing", None)
        if state in transition.sources:
            flow.require(stands, step, by, TODAY)
        else:
            assert refusal(partial(flow.require, stands, step, by, TODAY)) == ("wrong-state", None)
        assert (step in possible_steps(stands, by, TODAY)) == (state in transition.sources)


@pytest.mark.parametrize(
    ("step", "by", "stands", "code"),
    [
        (Step.TAKE, EXAMINER, case(State.UNDER_REVIEW, examiner=OTHER), "taken"),
        (Step.START, EXAMINER, case(State.UNDER_REVIEW, examiner=OTHER), "taken"),
        (Step.START, EXAMINER, case(State.DECIDED_GRANT, examiner=OTHER), "wrong-state"),
        (Step.TAKE_BACK, CHIEF, case(State.UNDER_REVIEW, examiner=None), "nobodys"),
        (Step.GIVE_BACK, EXAMINER, case(State.UNDER_REVIEW, examiner=OTHER), "not-your-case"),
        (Step.APPROVE, CHIEF, case(State.PROPOSED, proposers=frozenset({OTHER})), "four-eyes"),
        (Step.RECALL, CHIEF, case(State.DECIDED, deciders=frozenset({OTHER})), "four-eyes"),
        (Step.EXAMINE, EXAMINER, case(State.DOCS_REQUESTED, documents_due=TODAY), "documents-awaited"),
        (Step.EXAMINE, EXAMINER, case(State.DOCS_REQUESTED, more_time_asked=True), "more-time-asked"),
    ],
)
def test_a_step_that_is_somebody_elses_or_has_to_wait_is_refused(
    step: Step, by: Officer, stands: Progress, code: str
) -> None:
    assert refusal(lambda: flow.require(stands, step, by, TODAY)) == (code, None)


def test_four_eyes_are_those_of_humans_and_not_of_accounts() -> None:
    account = Officer(THIRD, frozenset({ActingRole.CHIEF_EXAMINER}), person="one human")
    assert account.known_as == {THIRD, "one human"}
    assert Officer(THIRD, frozenset()).known_as == {THIRD}
    proposed = case(State.PROPOSED, proposers=identities(ME, "one human"))
    assert refusal(lambda: decision.approve(proposed, account)) == ("four-eyes", None)
    decision.approve(proposed, CHIEF)


def test_documents_are_waited_for_to_the_end_of_their_day() -> None:
    waits = case(State.DOCS_REQUESTED, documents_due=TODAY - timedelta(days=1))
    assert examination.examine(waits, EXAMINER, TODAY) == replace(waits, state=State.UNDER_REVIEW, documents_due=None)
    # What is due says nothing in another state.
    flow.require(case(State.UNDER_REVIEW, documents_due=TOMORROW), Step.EXAMINE, EXAMINER, TODAY)


@pytest.mark.parametrize(
    ("holder", "since", "words", "members"),
    [
        (ME, None, "You have this case already", {}),
        (OTHER, None, "Another examiner has this case already", {}),
        (
            OTHER,
            datetime(2026, 7, 15, 15, 30, tzinfo=UTC),
            "Another examiner has this case since 2026-07-16 00:30 (Japan time)",
            {"since": "2026-07-15T15:30:00+00:00"},
        ),
    ],
)
def test_a_case_that_is_taken_says_by_whom_and_since_when(
    holder: Any, since: datetime | None, words: str, members: dict[str, str]
) -> None:
    change = Change(datetime(2026, 7, 1, tzinfo=UTC), holder)
    taken = case(State.UNDER_REVIEW, examiner=holder, examiner_since=since, change=change)
    with pytest.raises(NotNow) as refused:
        assignment.take(taken, EXAMINER)
    assert refused.value.text.en == words
    assert refused.value.members == {"examiner_id": str(holder)} | members
    assert refused.value.change == change


LIMIT = Caseload(source="a test", office="TYO", cases=3)
REVIEWED = case(State.UNDER_REVIEW)
FREE = case(State.UNDER_REVIEW, examiner=None)
PAID = case(State.AWAITING_FEE, fee_yen=5500, fee_paid=True)


@pytest.mark.parametrize(
    ("act", "stands", "changed"),
    [
        (
            lambda c: assignment.take_next(c, EXAMINER),
            case(State.RECEIVED, examiner=None),
            {"examiner": ME, "state": State.UNDER_REVIEW},
        ),
        (lambda c: assignment.take_next(c, EXAMINER), case(State.DOCS_SUBMITTED, examiner=None), {"examiner": ME}),
        (lambda c: assignment.take(c, EXAMINER), FREE, {"examiner": ME}),
        (
            lambda c: assignment.assign(c, CHIEF, THIRD, ()),
            case(State.RECEIVED, examiner=None),
            {"examiner": THIRD, "state": State.UNDER_REVIEW},
        ),
        (lambda c: assignment.reassign(c, CHIEF, THIRD), REVIEWED, {"examiner": THIRD}),
        (lambda c: assignment.hand_over(c, EXAMINER, THIRD, {OTHER}), REVIEWED, {"examiner": THIRD}),
        (lambda c: assignment.give_back(c, EXAMINER), REVIEWED, {"examiner": None}),
        (lambda c: assignment.take_back(c, CHIEF), REVIEWED, {"examiner": None}),
        (lambda c: assignment.transfer(c, CHIEF, "TYO", "OSA", TODAY), REVIEWED, {"examiner": None}),
        (
            lambda c: examination.start(c, EXAMINER),
            case(State.RECEIVED, examiner=None),
            {"examiner": ME, "state": State.UNDER_REVIEW},
        ),
        (
            lambda c: examination.request_documents(c, EXAMINER, TOMORROW, TODAY),
            REVIEWED,
            {"state": State.DOCS_REQUESTED, "documents_due": TOMORROW},
        ),
        (
            lambda c: examination.give_more_time(c, EXAMINER, TOMORROW, TODAY),
            case(State.DOCS_REQUESTED, documents_due=TODAY, more_time_asked=True),
            {"documents_due": TOMORROW, "more_time_asked": False},
        ),
        (
            lambda c: examination.decline_more_time(c, EXAMINER),
            case(State.DOCS_REQUESTED, documents_due=TODAY, more_time_asked=True),
            {"more_time_asked": False},
        ),
        (
            examination.take_documents,
            case(State.DOCS_REQUESTED, documents_due=TODAY, more_time_asked=True),
            {"state": State.DOCS_SUBMITTED, "documents_due": None, "more_time_asked": False},
        ),
        (examination.take_documents, case(State.ON_HOLD_INTERVIEW), {}),
        (examination.take_documents, case(State.PROPOSED, documents_due=TODAY), {"documents_due": None}),
        (lambda c: examination.request_interview(c, EXAMINER), REVIEWED, {"state": State.ON_HOLD_INTERVIEW}),
        (lambda c: examination.move_interview(c, EXAMINER), case(State.ON_HOLD_INTERVIEW), {}),
        (
            lambda c: examination.cancel_interview(c, EXAMINER),
            case(State.ON_HOLD_INTERVIEW),
            {"state": State.UNDER_REVIEW},
        ),
        (lambda c: decision.resolve_same_person(c, EXAMINER), REVIEWED, {}),
        (
            lambda c: decision.propose(c, EXAMINER, Outcome.REFUSE, TODAY),
            case(State.DOCS_REQUESTED, documents_due=TODAY - timedelta(days=1), proposers=frozenset({THIRD})),
            {
                "state": State.PROPOSED,
                "proposed": Outcome.REFUSE,
                "proposers": frozenset({ME, THIRD}),
                "documents_due": None,
            },
        ),
        (
            lambda c: decision.approve(c, CHIEF),
            case(State.PROPOSED),
            {"state": State.DECIDED, "deciders": frozenset({OTHER})},
        ),
        (
            lambda c: decision.recall(c, CHIEF),
            case(State.DECIDED, proposed=Outcome.GRANT, deciders=frozenset({ME})),
            {"state": State.UNDER_REVIEW, "proposed": None, "deciders": frozenset()},
        ),
        (
            lambda c: decision.send_back(c, CHIEF),
            case(State.PROPOSED, proposed=Outcome.GRANT),
            {"state": State.UNDER_REVIEW, "proposed": None},
        ),
        (lambda c: flow.answer_correction(c, EXAMINER), REVIEWED, {}),
        (
            lambda c: flow.terminate(c, CHIEF),
            case(State.PROPOSED, proposed=Outcome.GRANT, documents_due=TODAY),
            {"state": State.TERMINATED, "proposed": None, "documents_due": None},
        ),
        (
            flow.withdraw,
            case(State.DECIDED, proposed=Outcome.GRANT, deciders=frozenset({OTHER}), documents_due=TODAY),
            {"state": State.WITHDRAWN, "proposed": None, "deciders": frozenset(), "documents_due": None},
        ),
        (flow.withdraw, case(State.AWAITING_FEE, fee_yen=5500), {}),
        (lambda c: slip.pay_fee(c, CARD_OFFICE, 5500), case(State.AWAITING_FEE, fee_yen=5500), {"fee_paid": True}),
        (
            lambda c: slip.pay_fee(c, CARD_OFFICE, 5500),
            case(State.AWAITING_FEE, fee_yen=5500, materials_received=True),
            {"fee_paid": True, "state": State.CARD_PRODUCTION},
        ),
        (
            lambda c: slip.pay_fee(c, CARD_OFFICE, 5500),
            case(State.AWAITING_FEE, fee_yen=5500, issue=Issue.CERTIFICATE),
            {"fee_paid": True, "state": State.DECIDED_GRANT},
        ),
        (
            lambda c: cards.take_materials(c, CARD_OFFICE, True, True),
            PAID,
            {"materials_received": True, "state": State.CARD_PRODUCTION},
        ),
        (
            lambda c: cards.take_materials(c, CARD_OFFICE, False, False),
            case(State.AWAITING_FEE),
            {"materials_received": True},
        ),
        (lambda c: cards.issue_card(c, CARD_OFFICE), case(State.CARD_PRODUCTION), {"state": State.CARD_ISSUED}),
        (lambda c: cards.require_visit(c, CARD_OFFICE), case(State.CARD_ISSUED), {"state": State.COUNTER_VISIT}),
        (lambda c: cards.mail(c, CARD_OFFICE), case(State.RETURNED), {"state": State.DISPATCHED}),
        (lambda c: cards.return_card(c, CARD_OFFICE, "returned"), case(State.DISPATCHED), {"state": State.RETURNED}),
        (lambda c: cards.return_card(c, CARD_OFFICE, "lost"), case(State.DISPATCHED), {"state": State.CARD_PRODUCTION}),
        (lambda c: cards.deliver(c, CARD_OFFICE), case(State.DISPATCHED), {"state": State.DELIVERED}),
        (
            lambda c: certificates.issue_certificate(c, CARD_OFFICE),
            case(State.DECIDED_GRANT),
            {"state": State.CERTIFICATE_ISSUED},
        ),
        (lambda c: certificates.revoke_certificate(c, CARD_OFFICE), case(State.CERTIFICATE_ISSUED), {}),
    ],
)
def test_a_step_changes_what_it_is_for_and_nothing_else(
    act: Callable[[Progress], Progress], stands: Progress, changed: dict[str, Any]
) -> None:
    assert act(stands) == replace(stands, **changed)


STEPS: list[Callable[[Progress, Officer], Progress]] = [
    assignment.take_next,
    assignment.take,
    lambda c, by: assignment.assign(c, by, THIRD, ()),
    lambda c, by: assignment.reassign(c, by, THIRD),
    lambda c, by: assignment.hand_over(c, by, THIRD, ()),
    assignment.give_back,
    assignment.take_back,
    lambda c, by: assignment.transfer(c, by, "TYO", "OSA", TODAY),
    examination.start,
    lambda c, by: examination.examine(c, by, TODAY),
    lambda c, by: examination.request_documents(c, by, TOMORROW, TODAY),
    lambda c, by: examination.give_more_time(c, by, TOMORROW, TODAY),
    examination.decline_more_time,
    examination.request_interview,
    examination.move_interview,
    examination.cancel_interview,
    decision.resolve_same_person,
    lambda c, by: decision.propose(c, by, Outcome.GRANT, TODAY),
    decision.approve,
    decision.recall,
    decision.send_back,
    flow.answer_correction,
    flow.terminate,
    lambda c, by: slip.pay_fee(c, by, 0),
    lambda c, by: cards.take_materials(c, by, True, True),
    cards.issue_card,
    cards.require_visit,
    cards.mail,
    lambda c, by: cards.return_card(c, by, "lost"),
    cards.deliver,
    certificates.issue_certificate,
    certificates.revoke_certificate,
]


@pytest.mark.parametrize("act", STEPS)
def test_no_step_is_taken_without_a_role(act: Callable[[Progress, Officer], Progress]) -> None:
    for state in State:
        with pytest.raises(NotForYou):
            act(case(state), Officer(ME, frozenset()))


@pytest.mark.parametrize(
    ("outcome", "fee", "issue", "state", "paid"),
    [
        (Outcome.REFUSE, 5500, Issue.CARD, State.DECIDED_REFUSE, False),
        (Outcome.NOT_ACCEPT, 5500, Issue.CARD, State.NOT_ACCEPTED, False),
        (Outcome.GRANT, 5500, Issue.CARD, State.AWAITING_FEE, False),
        (Outcome.GRANT, 5500, Issue.CERTIFICATE, State.AWAITING_FEE, False),
        (Outcome.GRANT, 0, Issue.CARD, State.AWAITING_FEE, True),
        (Outcome.GRANT, 0, Issue.CERTIFICATE, State.DECIDED_GRANT, True),
    ],
)
def test_a_decision_takes_effect(outcome: Outcome, fee: int, issue: Issue, state: State, paid: bool) -> None:
    decided = case(State.DECIDED, proposed=outcome, deciders=frozenset({OTHER}), issue=issue)
    after = decision.take_effect(decided, fee)
    assert (after.state, after.proposed, after.deciders, after.fee_paid) == (state, None, frozenset(), paid)
    assert after.fee_yen == (fee if outcome is Outcome.GRANT else None)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (
            lambda: assignment.assign(case(State.RECEIVED, examiner=None), CHIEF, THIRD, {THIRD}),
            ("absent", "/examiner_id"),
        ),
        (lambda: assignment.reassign(REVIEWED, CHIEF, ME), ("already-theirs", "/examiner_id")),
        (lambda: assignment.hand_over(REVIEWED, EXAMINER, ME, ()), ("already-theirs", "/examiner_id")),
        (lambda: assignment.hand_over(REVIEWED, EXAMINER, THIRD, {THIRD}), ("absent", "/examiner_id")),
        (lambda: assignment.transfer(REVIEWED, CHIEF, "TYO", "XXX", TODAY), ("unknown-office", "/office")),
        (lambda: assignment.transfer(REVIEWED, CHIEF, "TYO", "TYO", TODAY), ("same-office", "/office")),
        (lambda: examination.request_documents(REVIEWED, EXAMINER, TODAY, TODAY), ("due-date-passed", "/due_on")),
        (
            lambda: examination.request_documents(REVIEWED, EXAMINER, date(2027, 7, 15), TODAY),
            ("due-date-too-late", "/due_on"),
        ),
        (
            lambda: examination.give_more_time(
                case(State.DOCS_REQUESTED, documents_due=TOMORROW), EXAMINER, TOMORROW, TODAY
            ),
            ("not-later", "/due_on"),
        ),
        (
            lambda: decision.approve(case(State.PROPOSED, resolvers=frozenset({OTHER})), CHIEF),
            ("four-eyes", None),
        ),
        (
            lambda: decision.approve(case(State.PROPOSED, held_by=("東オンＥＮ26000001",)), CHIEF),
            ("same-person-unresolved", None),
        ),
        (lambda: slip.pay_fee(PAID, CARD_OFFICE, 5500), ("fee-paid-already", None)),
        (
            lambda: slip.pay_fee(case(State.AWAITING_FEE, fee_yen=5500), CARD_OFFICE, 5499),
            ("wrong-amount", "/amount_yen"),
        ),
        (lambda: slip.check_day(TOMORROW, TODAY), ("paid-in-future", "/paid_on")),
        (
            lambda: cards.take_materials(case(State.AWAITING_FEE, issue=Issue.CERTIFICATE), CARD_OFFICE, True, True),
            ("no-card", None),
        ),
        (
            lambda: cards.take_materials(case(State.AWAITING_FEE, materials_received=True), CARD_OFFICE, True, True),
            ("materials-received-already", None),
        ),
        (
            lambda: cards.take_materials(case(State.AWAITING_FEE), CARD_OFFICE, False, True),
            ("old-card-missing", "/residence_card_received"),
        ),
        (lambda: cards.return_card(case(State.DISPATCHED), CARD_OFFICE, "eaten"), ("unknown-reason", "/kind")),
    ],
)
def test_what_is_entered_with_a_step_is_checked(act: Callable[[], object], expected: tuple[str, str | None]) -> None:
    assert refusal(act) == expected


def test_a_slip_may_be_paid_today() -> None:
    slip.check_day(TODAY, TODAY)


def test_an_examiner_takes_as_many_cases_as_the_office_allows() -> None:
    assignment.check_caseload(LIMIT, 2)
    with pytest.raises(NotNow) as refused:
        assignment.check_caseload(LIMIT, 3)
    assert refused.value.members == {"limit": 3, "cases": 3}


def test_a_grant_leads_to_a_card_or_a_certificate() -> None:
    assert (issue_of("EXTEND"), issue_of("COE")) == (Issue.CARD, Issue.CERTIFICATE)
