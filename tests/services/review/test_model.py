"""The whole service against a model: officers of two offices take legal and illegal steps in any order, on a real
database, and after each what must never be is looked for. Short here, thousands of steps with `make model`."""

import asyncio
import os
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from services.application.progress.commands.review_events import FOLLOWING
from services.application.progress.domain import OUTCOMES
from services.review.cases.domain.states import CLOSED, UNDECIDED, State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.events.application import ApplicationWithdrawn
from shared.events.base import Event
from shared.events.review import ReviewCompleted, ReviewEvent
from shared.ids import new_id
from shared.messaging import Message, decode
from shared.messaging.tables import headers_from_json, outbox
from tests.services.review.desk import FEE, MAILING, MATERIALS, RECALL_WITHIN, Desk, card
from tests.support import tokens

EXAMPLES = int(os.environ.get("ZAIRYU_MODEL_EXAMPLES", "4"))
STEPS = int(os.environ.get("ZAIRYU_MODEL_STEPS", "30"))
CASES = st.integers(0, 3)
OFFICERS = st.integers(0, 6)
GRANTED = frozenset(State) - UNDECIDED - {State.DECIDED_REFUSE, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED}
WITH_CARD = {State.CARD_ISSUED, State.COUNTER_VISIT, State.DISPATCHED, State.DELIVERED}
# The steps that bring a case into each state, as the journal names them.
REASONS: Mapping[State, frozenset[str]] = {
    state: frozenset(f"case:{action}" for action in actions.split())
    for state, actions in {
        State.RECEIVED: "open",
        State.UNDER_REVIEW: "start examine send_back recall",
        State.DOCS_REQUESTED: "request_documents",
        State.DOCS_SUBMITTED: "take_documents",
        State.ON_HOLD_INTERVIEW: "request_interview",
        State.PROPOSED: "propose",
        State.DECIDED: "approve",
        State.DECIDED_GRANT: "take_effect pay_fee",
        State.AWAITING_FEE: "take_effect pay_fee take_materials",
        State.CARD_PRODUCTION: "pay_fee take_materials",
        State.CARD_ISSUED: "issue_card",
        State.COUNTER_VISIT: "require_visit",
        State.DISPATCHED: "mail",
        State.DELIVERED: "deliver",
        State.CERTIFICATE_ISSUED: "issue_certificate",
        State.DECIDED_REFUSE: "take_effect",
        State.NOT_ACCEPTED: "take_effect",
        State.WITHDRAWN: "withdraw",
        State.TERMINATED: "terminate",
    }.items()
}
MOVING = sorted(frozenset().union(*REASONS.values()))
LAST_MOVE = text(
    "SELECT action FROM journal WHERE aggregate_id = :case AND action = ANY(:moving) ORDER BY version DESC LIMIT 1"
)
IN_EFFECT = text("SELECT * FROM proposals WHERE case_id = :case AND took_effect_at IS NOT NULL")
CARD = text("SELECT 1 FROM cards WHERE case_id = :case")
PAID = text("SELECT 1 FROM fee_payments WHERE case_id = :case")
OLD_CARD = text("SELECT 1 FROM card_materials WHERE case_id = :case AND residence_card_received")


@dataclass
class Followed:
    """The events of one case as the applicant's side follows them, in order."""

    events: list[Event] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The progress that the application service shows after these events, by its own table."""
        shown = "received"
        for event in self.events:
            if isinstance(event, ReviewCompleted):
                shown = OUTCOMES[event.outcome].value
            elif isinstance(event, ReviewEvent) and (following := FOLLOWING[type(event)]).shown is not None:
                shown = following.shown.value
        return shown


class Office(RuleBasedStateMachine):
    """Four cases, two of them of one person, one of another office; seven officers, of whom two are one human."""

    desk: Desk
    loop: asyncio.AbstractEventLoop

    def wait(self, what: Coroutine[Any, Any, Any]) -> Any:
        """The result of something that runs on the loop of the service; the machine has a thread of its own."""
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(60)

    @initialize()
    def begin(self) -> None:
        both = frozenset({Role.EXAMINER, Role.CHIEF_EXAMINER})
        self.officers = [
            tokens.officer(Role.EXAMINER),
            tokens.officer(*both),
            tokens.officer(Role.CHIEF_EXAMINER),
            _known_as(tokens.officer(*both), "one human"),
            _known_as(tokens.officer(Role.CHIEF_EXAMINER), "one human"),
            tokens.officer(Role.CARD_OFFICE),
            tokens.officer(*both, Role.CARD_OFFICE, office="OSA"),
        ]
        person = [new_id().hex * 2]
        self.cases: list[Case] = [
            self.wait(self.desk.open(person_keys=person)),
            self.wait(self.desk.open(person_keys=person)),
            self.wait(self.desk.open(procedure="COE", stay_expiry=None)),
            self.wait(self.desk.open(office="OSA")),
        ]
        self.proposers: dict[UUID, set[str]] = {case.id: set() for case in self.cases}
        self.deciders: dict[UUID, set[str]] = {case.id: set() for case in self.cases}

    def take(self, who: int, case: int, step: str, body: Any = None) -> httpx.Response:
        """A step that may be refused, and never breaks anything."""
        answer: httpx.Response = self.wait(self.desk.post(self.officers[who], self.cases[case].id, step, body))
        assert answer.status_code in (200, 201, 403, 404, 409, 422), (step, answer.status_code, answer.text)
        if answer.status_code == 409 and answer.json()["code"] == "wrong-state":
            assert answer.json()["changed_at"]
        if (self.officers[who].office or "") != self.cases[case].office:
            assert answer.status_code in (403, 404), "nobody acts on a case of another office"
        return answer

    @rule(who=OFFICERS, case=CASES)
    def start(self, who: int, case: int) -> None:
        self.take(who, case, "start")

    @rule(who=OFFICERS, case=CASES)
    def examine(self, who: int, case: int) -> None:
        self.take(who, case, "examination", {"findings": {}})

    @rule(who=OFFICERS, case=CASES)
    def request_documents(self, who: int, case: int) -> None:
        due = str(self.desk.clock.now().date() + timedelta(days=7))
        self.take(who, case, "document-requests", {"items": [{"code": "RES_TAX", "message": "x"}], "due_on": due})

    @rule(who=OFFICERS, case=CASES)
    def invite(self, who: int, case: int) -> None:
        self.take(who, case, "interview", {"instructions": "来庁してください"})

    @rule(who=OFFICERS, case=CASES, outcome=st.sampled_from(["grant", "grant", "refuse", "not_accept"]))
    def propose(self, who: int, case: int, outcome: str) -> None:
        body: dict[str, Any] = {"outcome": outcome}
        body |= {"period_of_stay": "Y3"} if outcome == "grant" else {"reason_code": "conduct", "reason": "x"}
        if self.take(who, case, "proposal", body).is_success:
            self.proposers[self.cases[case].id] |= _known(self.officers[who])

    @rule(who=OFFICERS, case=CASES, approve=st.sampled_from([True, True, True, False]), later=st.booleans())
    def decide(self, who: int, case: int, approve: bool, later: bool) -> None:
        with self.desk.recall_within(RECALL_WITHIN if later else timedelta(0)):
            answer = self.take(who, case, "decision", {"approve": approve, "note": "x"})
        if answer.is_success:
            known = _known(self.officers[who])
            assert not known & self.proposers[self.cases[case].id], "decided by one human alone"
            self.deciders[self.cases[case].id] = known

    @rule(who=OFFICERS, case=CASES)
    def recall(self, who: int, case: int) -> None:
        if self.take(who, case, "recall", {"reason": "誤り"}).is_success:
            assert not _known(self.officers[who]) & self.deciders[self.cases[case].id], "recalled by who decided"

    @rule(who=OFFICERS, chosen=st.sets(CASES, min_size=1))
    def decide_several(self, who: int, chosen: set[int]) -> None:
        officer = self.officers[who]
        headers = tokens.bearer(officer, self.desk.clock) | {"Idempotency-Key": str(new_id())}
        listed = self.wait(self.desk.get(officer, "/proposals"))
        if listed.status_code == 403:
            return
        found = {one["case_id"]: one for one in listed.json()["items"]}
        cases = [
            {"case_id": str(self.cases[n].id), "proposal_id": found[str(self.cases[n].id)]["proposal_id"]}
            for n in sorted(chosen)
            if str(self.cases[n].id) in found
        ]
        if not cases:
            return
        request = self.desk.service.client.post("/v1/cases/decisions", json={"cases": cases}, headers=headers)
        answer = self.wait(request)
        assert answer.status_code in (200, 422), answer.text
        for one in answer.json().get("items", ()):
            if one["done"]:
                assert found[one["case_id"]]["obstacle"] is None
                assert not _known(officer) & self.proposers[UUID(one["case_id"])]
                self.deciders[UUID(one["case_id"])] = _known(officer)

    @rule(who=OFFICERS, case=CASES)
    def read(self, who: int, case: int) -> None:
        self.wait(self.desk.get(self.officers[who], f"/{self.cases[case].id}"))

    @rule(who=OFFICERS, case=CASES, to=OFFICERS)
    def reassign(self, who: int, case: int, to: int) -> None:
        self.take(who, case, "reassignment", {"examiner_id": str(self.officers[to].id)})

    @rule(who=OFFICERS, case=CASES)
    def terminate(self, who: int, case: int) -> None:
        self.take(who, case, "termination", {"reason_code": "left_japan"})

    @rule(who=OFFICERS, other=st.sampled_from([(0, 1), (1, 0)]))
    def resolve(self, who: int, other: tuple[int, int]) -> None:
        body = {"other_case_id": str(self.cases[other[1]].id), "finding": "both_needed", "reason": "x"}
        self.take(who, other[0], "same-person", body)

    @rule(who=OFFICERS, case=CASES, right=st.sampled_from([True, True, False]))
    def pay(self, who: int, case: int, right: bool) -> None:
        due = self.wait(self.desk.case(self.cases[case].id)).fee_yen or 5500
        self.take(who, case, "fee", FEE | {"amount_yen": due if right else 1})

    @rule(who=OFFICERS, case=CASES)
    def receive(self, who: int, case: int) -> None:
        self.take(who, case, "card-materials-received", MATERIALS)

    @rule(who=OFFICERS, case=CASES)
    def issue_card(self, who: int, case: int) -> None:
        self.take(who, case, "card", card(f"AB{self.cases[case].id.int % 10**8:08d}CD"))

    @rule(who=OFFICERS, case=CASES)
    def issue_certificate(self, who: int, case: int) -> None:
        self.take(who, case, "certificate", {"method": "POST"})

    @rule(who=OFFICERS, case=CASES, step=st.sampled_from([("mailing", MAILING), ("delivery", None)]))
    def hand_over(self, who: int, case: int, step: tuple[str, Any]) -> None:
        self.take(who, case, *step)

    @rule(case=CASES)
    def withdraw(self, case: int) -> None:
        withdrawn = ApplicationWithdrawn.example(application_id=self.cases[case].application_id)
        self.wait(self.desk.service.deliver(withdrawn))

    @rule(minutes=st.sampled_from([10, 31, 31, 60 * 24 * 8]))
    def time_passes(self, minutes: int) -> None:
        self.wait(self.desk.pass_time(timedelta(minutes=minutes)))

    @precondition(lambda self: hasattr(self, "cases"))
    @rule(case=CASES, first=OFFICERS)
    def hurry(self, case: int, first: int) -> None:
        """Bring a case on by a step that the service offers to an officer, so that runs reach the card."""
        for who in [*range(first, len(self.officers)), *range(first)]:
            shown = self.wait(self.desk.get(self.officers[who], f"/{self.cases[case].id}"))
            if shown.status_code != 200:
                continue
            view = shown.json()
            done = {"pay_fee": view["fee_paid"], "take_materials": view["materials_received"]}
            for step, act in self.ways(case, first).items():
                if step in view["steps"] and not done.get(step):
                    act(who)
                    return

    def ways(self, case: int, first: int) -> dict[str, Any]:
        """The steps that lead on. Fee and old card come in either order."""
        both = {"pay_fee": lambda who: self.pay(who, case, True), "take_materials": lambda who: self.receive(who, case)}
        return {
            "deliver": lambda who: self.take(who, case, "delivery"),
            "mail": lambda who: self.take(who, case, "mailing", MAILING),
            "issue_card": lambda who: self.issue_card(who, case),
            "issue_certificate": lambda who: self.issue_certificate(who, case),
            **(both if first % 2 else dict(reversed(both.items()))),
            "approve": lambda who: self.decide(who, case, True, False),
            "propose": lambda who: self.propose(who, case, "grant"),
            "start": lambda who: self.start(who, case),
        }

    @invariant()
    def what_must_never_be_is_not(self) -> None:
        if hasattr(self, "cases"):
            self.wait(self._look())

    async def _look(self) -> None:
        followed: dict[UUID, Followed] = {case.id: Followed() for case in self.cases}
        applications = [str(case.application_id) for case in self.cases]
        async with self.desk.service.db.read() as session:
            sent = select(outbox).where(outbox.c.aggregateid.in_(applications)).order_by(outbox.c.position)
            for row in (await session.execute(sent)).mappings().all():
                key, headers = row["aggregateid"], headers_from_json(row["headers"])
                event = decode(Message(row["aggregatetype"], key, bytes(row["payload"]), headers))[1]
                assert isinstance(event, ReviewEvent)
                followed[event.case_id].events.append(event)
        async with self.desk.service.db.read() as session:
            for case in (await session.scalars(select(Case).where(Case.id.in_(followed)))).all():
                await self._look_at(session, case, followed[case.id])

    async def _look_at(self, session: Any, case: Case, followed: Followed) -> None:
        state, key = State(case.state), {"case": case.id}
        assert await session.scalar(LAST_MOVE, key | {"moving": MOVING}) in REASONS[state], f"no reason for {state}"
        in_effect = (await session.execute(IN_EFFECT, key)).mappings().all()
        if state in UNDECIDED:
            assert not in_effect, "an outcome that the state does not have"
        if state in GRANTED | {State.DECIDED_REFUSE, State.NOT_ACCEPTED}:
            (decision,) = in_effect
            assert decision["decided_by"] != decision["proposed_by"], "decided by one account alone"
            assert decision["recalled_at"] is None
        completed = [event for event in followed.events if isinstance(event, ReviewCompleted)]
        assert len(completed) == len(in_effect), "one event for each decision in effect, and none before"
        assert (case.fee_yen is not None) == (state in GRANTED)
        has_card = await session.scalar(CARD, key) is not None
        assert has_card == (state in WITH_CARD)
        if has_card:
            assert await session.scalar(PAID, key), "a card without its fee"
            assert await session.scalar(OLD_CARD, key), "a card while the old one is out"
        assert _agrees(state, followed.shown), (state, followed.shown)


def _agrees(state: State, shown: str) -> bool:
    """Whether what the applicant is shown goes with the state. Before a decision is in effect nothing of it is seen,
    and a withdrawal is the applicant's own word."""
    if state in CLOSED - {State.WITHDRAWN}:
        return shown == state.value.lower()
    if state in UNDECIDED | {State.WITHDRAWN}:
        return shown in ("received", "under_review", "docs_requested", "docs_submitted", "on_hold_interview")
    if state is State.DISPATCHED:
        return shown == "dispatched"
    return shown in ("decided_grant", "awaiting_fee", "card_production")


def _known_as(officer: Actor, person: str) -> Actor:
    return Actor(
        kind="officer",
        id=officer.id,
        roles=officer.roles,
        office=officer.office,
        session_id=officer.session_id,
        person=person,
    )


def _known(officer: Actor) -> set[str]:
    """The account, and the human behind it: worked out without the service's own rule."""
    return {str(officer.id)} | ({officer.person} if officer.person else set())


async def test_officers_in_any_order_never_bring_about_what_must_not_be(desk: Desk) -> None:
    class OfficeOfThisTest(Office):
        pass

    OfficeOfThisTest.desk, OfficeOfThisTest.loop = desk, asyncio.get_running_loop()
    limits = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        # A run is shown as it was: making it smaller takes hundreds of others on the database.
        phases=[Phase.generate],
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, OfficeOfThisTest, settings=limits)
    assert await desk.service.journal_problems() == []
