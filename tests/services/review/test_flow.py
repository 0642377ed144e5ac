"""The flow of a case keeps to the table of steps, with any officer, any step, any order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.review.allocation.domain import assignment as allocation
from services.review.cards import domain as cards
from services.review.cases.domain import flow as cases
from services.review.cases.domain.flow import NOBODY, Identities, Issue, Officer, Outcome, Progress
from services.review.cases.domain.refusal import NotForYou, NotNow, Refused
from services.review.cases.domain.states import CLOSED, NOT_HANDED_OVER, TRANSITIONS, UNDECIDED, ActingRole, State, Step
from services.review.certificates import domain as certificates
from services.review.decision.domain import flow as decision
from services.review.examination.domain import flow as examination
from services.review.payment.domain import slip as payment

PEOPLE = [UUID(int=number) for number in range(1, 4)]
ROLES = [ActingRole.EXAMINER, ActingRole.CHIEF_EXAMINER, ActingRole.CARD_OFFICE]
OFFICERS = st.builds(
    lambda account, roles: Officer(account, roles, HUMANS[account]),
    st.sampled_from(PEOPLE),
    st.frozensets(st.sampled_from(ROLES)),
)
IN_EFFECT = frozenset(State) - UNDECIDED - {State.WITHDRAWN, State.TERMINATED}
HUMANS: dict[UUID, str | None] = {
    PEOPLE[0]: "one",
    PEOPLE[1]: "one",
    PEOPLE[2]: None,
}  # the first two are accounts of one human
CARD_MADE_OF_BOTH = {
    State.CARD_PRODUCTION,
    State.CARD_ISSUED,
    State.COUNTER_VISIT,
    State.DISPATCHED,
    State.RETURNED,
    State.DELIVERED,
}


class CaseMachine(RuleBasedStateMachine):
    """A case, a calendar, and officers with any roles."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Progress(State.RECEIVED, Issue.CARD)
        self.today = date(2026, 7, 15)
        self.proposed_by: set[Identities] = set()
        self.decided_by: Identities | None = None

    @initialize(issue=st.sampled_from(Issue))
    def begin(self, issue: Issue) -> None:
        self.case = replace(self.case, issue=issue)

    def attempt(self, step: Step, act: Callable[[], Progress], by: Officer | None = None) -> bool:
        """Take a step and hold its result against the table; whether it was taken."""
        before, transition = self.case, TRANSITIONS[step]
        allowed = before.state in transition.sources
        permitted = by is None or transition.role in by.roles
        if not permitted:
            with pytest.raises(NotForYou):
                act()
            return False
        if by is not None and not allowed:
            with pytest.raises(NotNow):
                act()
            return False
        try:
            after = act()
        except Refused:
            # A rule beyond the table said no; never to the applicant's side, whose word is noted in any state.
            assert by is not None
            return False
        if not allowed:
            assert after.state is before.state
        elif transition.targets:
            assert after.state in transition.targets
        else:
            assert after.state is before.state
        self.case = after
        return True

    @rule(days=st.integers(1, 10))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(by=OFFICERS)
    def start(self, by: Officer) -> None:
        self.attempt(Step.START, lambda: examination.start(self.case, by), by)

    @rule(by=OFFICERS, to=st.sampled_from(PEOPLE))
    def reassign(self, by: Officer, to: UUID) -> None:
        self.attempt(Step.REASSIGN, lambda: allocation.reassign(self.case, by, to), by)

    @rule(by=OFFICERS, to=st.sampled_from(PEOPLE), absent=st.frozensets(st.sampled_from(PEOPLE)))
    def assign(self, by: Officer, to: UUID, absent: frozenset[UUID]) -> None:
        held = self.case.examiner
        if self.attempt(Step.ASSIGN, lambda: allocation.assign(self.case, by, to, absent), by):
            assert held is None
            assert to not in absent

    @rule(by=OFFICERS)
    def take(self, by: Officer) -> None:
        held = self.case.examiner
        if self.attempt(Step.TAKE, lambda: allocation.take(self.case, by), by):
            assert held is None

    @rule(by=OFFICERS, to=st.sampled_from(PEOPLE))
    def hand_over(self, by: Officer, to: UUID) -> None:
        held = self.case.examiner
        if self.attempt(Step.HAND_OVER, lambda: allocation.hand_over(self.case, by, to, ()), by):
            assert held == by.id != to

    @rule(by=OFFICERS)
    def give_back(self, by: Officer) -> None:
        held = self.case.examiner
        if self.attempt(Step.GIVE_BACK, lambda: allocation.give_back(self.case, by), by):
            assert held == by.id

    @rule(by=OFFICERS)
    def take_back(self, by: Officer) -> None:
        self.attempt(Step.TAKE_BACK, lambda: allocation.take_back(self.case, by), by)

    @rule(by=OFFICERS)
    def transfer(self, by: Officer) -> None:
        due = self.case.documents_due
        if self.attempt(Step.TRANSFER, lambda: allocation.transfer(self.case, by, "TYO", "OSA", self.today), by):
            assert (self.case.examiner, self.case.documents_due) == (None, due)

    @rule(by=OFFICERS)
    def examine(self, by: Officer) -> None:
        waits = self.case.documents_due is not None and self.today <= self.case.documents_due
        taken = self.attempt(Step.EXAMINE, lambda: examination.examine(self.case, by, self.today), by)
        assert not (taken and waits), "the applicant's time was cut short"

    @rule(by=OFFICERS, days=st.integers(0, 14))
    def request_documents(self, by: Officer, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.attempt(Step.REQUEST_DOCUMENTS, lambda: examination.request_documents(self.case, by, due, self.today), by)

    @rule(by=OFFICERS, asked=st.booleans(), days=st.integers(0, 14))
    def give_more_time(self, by: Officer, asked: bool, days: int) -> None:
        self.ask_for_more_time(asked)
        due, before = self.today + timedelta(days=days), self.case.documents_due
        if self.attempt(Step.ANSWER_MORE_TIME, lambda: examination.give_more_time(self.case, by, due, self.today), by):
            assert before is not None
            assert self.case.documents_due == due > max(before, self.today)
            assert not self.case.more_time_asked

    @rule(by=OFFICERS, asked=st.booleans())
    def decline_more_time(self, by: Officer, asked: bool) -> None:
        self.ask_for_more_time(asked)
        before = self.case.documents_due
        if self.attempt(Step.ANSWER_MORE_TIME, lambda: examination.decline_more_time(self.case, by), by):
            assert self.case.documents_due == before
            assert not self.case.more_time_asked

    def ask_for_more_time(self, asked: bool) -> None:
        """The applicant asks for more time, where documents are awaited."""
        self.case = replace(self.case, more_time_asked=asked and self.case.documents_due is not None)

    @rule(by=OFFICERS)
    def move_interview(self, by: Officer) -> None:
        self.attempt(Step.MOVE_INTERVIEW, lambda: examination.move_interview(self.case, by), by)

    @rule(by=OFFICERS)
    def cancel_interview(self, by: Officer) -> None:
        self.attempt(Step.CANCEL_INTERVIEW, lambda: examination.cancel_interview(self.case, by), by)

    @rule()
    def take_documents(self) -> None:
        self.attempt(Step.TAKE_DOCUMENTS, lambda: examination.take_documents(self.case))

    @rule(by=OFFICERS)
    def request_interview(self, by: Officer) -> None:
        self.attempt(Step.REQUEST_INTERVIEW, lambda: examination.request_interview(self.case, by), by)

    @rule(by=OFFICERS, held=st.booleans())
    def resolve_same_person(self, by: Officer, held: bool) -> None:
        if self.attempt(Step.RESOLVE_SAME_PERSON, lambda: decision.resolve_same_person(self.case, by), by):
            self.case = replace(self.case, resolvers=self.case.resolvers | by.known_as, held_by=())
        elif held:
            self.case = replace(self.case, held_by=("東オンＥＮ26000001",))

    @rule(by=OFFICERS, outcome=st.sampled_from(Outcome))
    def propose(self, by: Officer, outcome: Outcome) -> None:
        if self.attempt(Step.PROPOSE, lambda: decision.propose(self.case, by, outcome, self.today), by):
            self.proposed_by.add(by.known_as)

    @rule(by=OFFICERS)
    def approve(self, by: Officer) -> None:
        resolvers, held_by = self.case.resolvers, self.case.held_by
        if self.attempt(Step.APPROVE, lambda: decision.approve(self.case, by), by):
            self.decided_by = by.known_as
            assert not held_by
            assert not resolvers & by.known_as

    @rule(by=OFFICERS)
    def recall(self, by: Officer) -> None:
        if self.attempt(Step.RECALL, lambda: decision.recall(self.case, by), by):
            assert self.decided_by is not None
            assert not self.decided_by & by.known_as

    @precondition(lambda self: self.case.state is State.DECIDED)
    @rule(fee=st.sampled_from([0, 5500]))
    def take_effect(self, fee: int) -> None:
        self.attempt(Step.TAKE_EFFECT, lambda: decision.take_effect(self.case, fee))

    @rule(by=OFFICERS)
    def send_back(self, by: Officer) -> None:
        proposers = self.case.proposers
        if self.attempt(Step.SEND_BACK, lambda: decision.send_back(self.case, by), by):
            assert not proposers & by.known_as

    @rule(by=OFFICERS)
    def answer_correction(self, by: Officer) -> None:
        self.attempt(Step.ANSWER_CORRECTION, lambda: cases.answer_correction(self.case, by), by)

    @rule(by=OFFICERS)
    def terminate(self, by: Officer) -> None:
        granted = self.case.state in NOT_HANDED_OVER
        # The commands ask for those who decided a grant, for this step alone.
        known = replace(self.case, deciders=self.decided_by or NOBODY) if granted else self.case
        if self.attempt(Step.TERMINATE, lambda: cases.terminate(known, by), by) and granted:
            assert self.decided_by is not None
            assert not self.decided_by & by.known_as
            self.case = replace(self.case, deciders=NOBODY)

    @rule()
    def withdraw(self) -> None:
        self.attempt(Step.WITHDRAW, lambda: cases.withdraw(self.case))

    @rule(by=OFFICERS, amount=st.sampled_from([0, 5499, 5500]))
    def pay_fee(self, by: Officer, amount: int) -> None:
        due = self.case.fee_yen
        if self.attempt(Step.PAY_FEE, lambda: payment.pay_fee(self.case, by, amount), by):
            assert amount == due

    @rule(by=OFFICERS, card=st.booleans())
    def take_materials(self, by: Officer, card: bool) -> None:
        if self.attempt(Step.TAKE_MATERIALS, lambda: cards.take_materials(self.case, by, card, True), by):
            assert card

    @rule(by=OFFICERS, kind=st.sampled_from(["returned", "lost"]))
    def return_card(self, by: Officer, kind: str) -> None:
        self.attempt(Step.RETURN_CARD, lambda: cards.return_card(self.case, by, kind), by)

    @rule(by=OFFICERS, step=st.sampled_from(["issue_card", "require_visit", "mail", "deliver"]))
    def deliver(self, by: Officer, step: str) -> None:
        self.attempt(Step(step), lambda: getattr(cards, step)(self.case, by), by)

    @rule(by=OFFICERS)
    def issue_certificate(self, by: Officer) -> None:
        self.attempt(Step.ISSUE_CERTIFICATE, lambda: certificates.issue_certificate(self.case, by), by)

    @rule(by=OFFICERS)
    def revoke_certificate(self, by: Officer) -> None:
        self.attempt(Step.REVOKE_CERTIFICATE, lambda: certificates.revoke_certificate(self.case, by), by)

    @invariant()
    def a_decision_has_two_different_people(self) -> None:
        if self.case.state in IN_EFFECT | {State.DECIDED}:
            assert self.decided_by is not None
            assert self.proposed_by
            assert not any(proposer & self.decided_by for proposer in self.proposed_by)

    @invariant()
    def a_card_is_made_only_of_fee_and_materials(self) -> None:
        if self.case.state in CARD_MADE_OF_BOTH:
            assert self.case.fee_paid
            assert self.case.materials_received
            assert self.case.issue is Issue.CARD

    @invariant()
    def what_the_database_demands_holds(self) -> None:
        assert (self.case.state is State.DOCS_REQUESTED) == (self.case.documents_due is not None)
        granted = IN_EFFECT - {State.DECIDED_REFUSE, State.NOT_ACCEPTED}
        assert (self.case.fee_yen is not None) == (self.case.state in granted) or self.case.state is State.TERMINATED
        assert (self.case.proposed is not None) == (self.case.state in (State.PROPOSED, State.DECIDED))
        assert bool(self.case.deciders) == (self.case.state is State.DECIDED)


TestCaseFlow = CaseMachine.TestCase
TestCaseFlow = pytest.mark.server(TestCaseFlow)  # computes for seconds
TestCaseFlow.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_nothing_leaves_a_closed_case() -> None:
    leaving = [transition for transition in TRANSITIONS.values() if transition.targets]
    assert {state for transition in leaving for state in transition.sources} & CLOSED == set()


def test_every_state_is_reached_and_every_open_state_is_left() -> None:
    reached = {state for transition in TRANSITIONS.values() for state in transition.targets} | {State.RECEIVED}
    assert reached == set(State)
    left = {state for t in TRANSITIONS.values() if t.targets for state in t.sources}
    assert left == set(State) - CLOSED
