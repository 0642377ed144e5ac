"""A model of the review service: officers of two offices, applicants and the clock act on five cases in any order.

The steps are those that the service offers to an officer, taken more often the further they lead, and any other step as
well. After each, what must never be is looked for, without the service's own rules.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, text

from services.application.progress.commands.review_events import FOLLOWING
from services.application.progress.domain import OUTCOMES
from services.review.cases.domain.states import CLOSED, TRANSITIONS, UNDECIDED, ActingRole, State, Step
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.events import application, review
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import Message, decode
from shared.messaging.tables import headers_from_json, outbox
from tests.services.review.desk import FEE, MAILING, MATERIALS, RECALL_WITHIN, card
from tests.services.review.paying import FILED, PayingDesk
from tests.support import tokens

OFFICES = ("TYO", "OSA")
GRANTED = frozenset(State) - UNDECIDED - {State.DECIDED_REFUSE, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED}
WITH_CARD = {State.CARD_ISSUED, State.COUNTER_VISIT, State.DISPATCHED, State.RETURNED, State.DELIVERED}
# The steps that bring a case into each state, as the journal names them.
REASONS: Mapping[State, frozenset[str]] = {
    state: frozenset(f"case:{action}" for action in actions.split())
    for state, actions in {
        State.RECEIVED: "open",
        State.UNDER_REVIEW: "start assign examine cancel_interview send_back recall",
        State.DOCS_REQUESTED: "request_documents",
        State.DOCS_SUBMITTED: "take_documents",
        State.ON_HOLD_INTERVIEW: "request_interview",
        State.PROPOSED: "propose",
        State.DECIDED: "approve",
        State.DECIDED_GRANT: "take_effect pay_fee",
        State.AWAITING_FEE: "take_effect pay_fee take_materials",
        State.CARD_PRODUCTION: "take_effect pay_fee take_materials return_card",
        State.CARD_ISSUED: "issue_card",
        State.COUNTER_VISIT: "require_visit",
        State.DISPATCHED: "mail",
        State.RETURNED: "return_card",
        State.DELIVERED: "deliver",
        State.CERTIFICATE_ISSUED: "issue_certificate",
        State.DECIDED_REFUSE: "take_effect",
        State.NOT_ACCEPTED: "take_effect",
        State.WITHDRAWN: "withdraw",
        State.TERMINATED: "terminate",
    }.items()
}
MOVING = frozenset().union(*REASONS.values())
# What others are informed of, by the line of the journal that says that it happened.
SENT: Mapping[str, type[Event]] = {
    "case:transfer": review.CaseTransferred,
    "case:request_documents": review.AdditionalDocumentsRequested,
    "case:documents_overdue": review.AdditionalDocumentsOverdue,
    "case:remind_of_documents": review.AdditionalDocumentsDueSoon,
    "case:give_more_time": review.MoreTimeAgreed,
    "case:agree_correction": review.CorrectionAgreed,
    "case:request_interview": review.InterviewRequested,
    "case:move_interview": review.InterviewMoved,
    "case:cancel_interview": review.InterviewCancelled,
    "case:remind_of_interview": review.InterviewSoon,
    "case:take_effect": review.ReviewCompleted,
    "case:terminate": review.ApplicationTerminated,
    "case:pay_fee": review.FeePaid,
    "case:take_materials": review.CardMaterialsReceived,
    "case:issue_certificate": review.CertificateIssued,
    "case:revoke_certificate": review.CertificateRevoked,
    "case:issue_card": review.CardIssued,
    "case:require_visit": review.CounterVisitRequired,
    "case:mail": review.CardMailed,
    "case:return_card": review.CardReturned,
    "case:deliver": review.CardDelivered,
}
# How often a step is taken where the service offers it; any other one: once.
WEIGHTS: Mapping[Step, int] = {
    Step.START: 8,
    Step.PROPOSE: 12,
    Step.APPROVE: 16,
    Step.RECALL: 6,
    Step.PAY_FEE: 8,
    Step.TAKE_MATERIALS: 12,
    Step.ISSUE_CARD: 12,
    Step.ISSUE_CERTIFICATE: 8,
    Step.MAIL: 8,
    Step.DELIVER: 3,
    Step.RETURN_CARD: 3,
    Step.RESOLVE_SAME_PERSON: 4,
    Step.ANSWER_MORE_TIME: 4,
    Step.ANSWER_CORRECTION: 4,
}
# What else leads on from a state, and how often.
AWAITED: Mapping[str, Mapping[str, int]] = {
    State.DECIDED: {"_wait": 6},
    State.DOCS_REQUESTED: {"_answer": 8},
    State.AWAITING_FEE: {"_pay": 8},
}
# So much more often than a step that does not lead on.
LEADING = 4
STEPS_AT_ONCE = 4
# How often the officer who acted last is asked first.
ASKED_AGAIN = 0.5
_COE = {"procedure": "COE", "legal_date": "2026-11-01", "stay_expiry": None}
# What is filed at each place of the model.
KINDS: list[dict[str, Any]] = [FILED, FILED, _COE, FILED, FILED | {"office": "OSA"}]
OF_ONE_PERSON = (0, 1)
OF_OFFICERS = [step for step, one in TRANSITIONS.items() if one.role not in (ActingRole.APPLICANT, ActingRole.CLOCK)]
MOVES = ["lead_on"] * 6 + ["try"] * 3 + ["outside"] * 2 + ["wait", "pass_of_several", "refund", "refund"]
OUTSIDE = ["documents", "more_time", "correction", "moved", "withdraw", "pay_online", "pay_online", "pay_online"]

JOURNAL = text("SELECT action FROM journal WHERE aggregate_id = :case ORDER BY version")
PROPOSALS = text("SELECT * FROM proposals WHERE case_id = :case")
CARD = text("SELECT card_number FROM cards WHERE case_id = :case")
PAID = text("SELECT amount_yen FROM fee_payments WHERE case_id = :case")
OLD_CARD = text("SELECT 1 FROM card_materials WHERE case_id = :case AND residence_card_received")
MONEY = text(
    "SELECT payment_receipts.state, refunds.proposed_by, refunds.decided_by, refunds.approved, refunds.refunded_at"
    " FROM payment_receipts LEFT JOIN refunds ON receipt_id = payment_receipts.id WHERE case_id = :case"
)
# Two decisions on one person that stand, and nobody wrote down how the cases belong together. All cases of the model
# are filed before the first decision.
NOT_LOOKED_INTO = text(
    "WITH decided AS (SELECT case_id FROM proposals JOIN cases ON cases.id = case_id WHERE case_id = ANY(:cases)"
    " AND approved AND recalled_at IS NULL AND state NOT IN ('WITHDRAWN', 'TERMINATED', 'NOT_ACCEPTED'))"
    " SELECT one.case_id, other.case_id FROM decided AS one JOIN decided AS other ON one.case_id < other.case_id"
    " WHERE NOT EXISTS (SELECT 1 FROM same_person_findings AS finding WHERE (finding.case_id, other_case_id)"
    " IN ((one.case_id, other.case_id), (other.case_id, one.case_id)))"
)


@dataclass
class Followed:
    """The events of one case as the applicant's side follows them, in order."""

    events: list[Event] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The progress that the application service shows after these events, by its own table."""
        shown = "received"
        for event in self.events:
            if isinstance(event, review.ReviewCompleted):
                shown = OUTCOMES[event.outcome].value
            elif isinstance(event, review.ReviewEvent) and (following := FOLLOWING[type(event)]).shown is not None:
                shown = following.shown.value
        return shown

    def count(self, kind: type[Event]) -> int:
        return sum(type(event) is kind for event in self.events)


@dataclass
class Known:
    """The memory of the model of a case, from the answers alone."""

    application_id: str
    office: str
    # Who acted last.
    last: int | None = None
    proposers: set[str] = field(default_factory=set)
    deciders: set[str] = field(default_factory=set)


class Office(RuleBasedStateMachine):
    """Five cases, two of them of one person, one of another office; nine officers, of whom two are one human.

    `reached` counts the states and steps of all runs, so that a test can say how far they went. `problems` are those
    that were found: where Hypothesis repeats a run and it goes another way, it tells of that alone.
    """

    desk: PayingDesk
    loop: asyncio.AbstractEventLoop
    reached: Counter[str]
    problems: list[Exception]

    def wait(self, what: Coroutine[Any, Any, Any]) -> Any:
        """The result of something that runs on the loop of the service; the machine has a thread of its own."""
        try:
            # Far more than a move takes on a busy machine: what hangs ends.
            return asyncio.run_coroutine_threadsafe(what, self.loop).result(600)
        except Exception as problem:
            self.problems.append(problem)
            raise

    @initialize()
    def begin(self) -> None:
        both = frozenset({Role.EXAMINER, Role.CHIEF_EXAMINER})
        self.officers = [
            tokens.officer(Role.EXAMINER),
            tokens.officer(*both),
            tokens.officer(Role.CHIEF_EXAMINER),
            known_as(tokens.officer(*both), "one human"),
            known_as(tokens.officer(Role.CHIEF_EXAMINER), "one human"),
            tokens.officer(Role.CARD_OFFICE),
            tokens.officer(Role.CARD_OFFICE),
            tokens.officer(*both, Role.CARD_OFFICE, office="OSA"),
            tokens.officer(Role.CHIEF_EXAMINER, office="OSA"),
        ]
        self.moves = 0
        self.wait(self._begin())

    async def _begin(self) -> None:
        self.person = [new_id().hex * 2]
        self.of_one_person: list[UUID] = []
        self.cases: list[Case] = []
        self.known: dict[UUID, Known] = {}
        self.touched: set[UUID] = set()
        for number in range(len(KINDS)):
            self.cases.append(await self._open(number))

    async def _open(self, number: int) -> Case:
        """A new case of the kind that this place has."""
        case = await self.desk.open(**KINDS[number], person_keys=self.person if number in OF_ONE_PERSON else [])
        self.of_one_person += [case.id] if number in OF_ONE_PERSON else []
        self.known[case.id] = Known(str(case.application_id), case.office)
        return case

    @rule(seed=st.integers(0, 2**32 - 1))
    def go_on(self, seed: int) -> None:
        """One move. It is one rule, as Hypothesis leaves out some of several in each run; and a seed, as it draws small
        numbers again and again."""
        self.moves += 1
        chance = Random(f"{seed} {self.moves}")
        self.reached["moves"] += 1
        move, case, who = chance.choice(MOVES), chance.randrange(len(self.cases)), chance.randrange(len(self.officers))
        self.wait(getattr(self, f"_{move}")(case, who, chance.randrange(2**32)))

    @invariant()
    def what_must_never_be_is_not(self) -> None:
        if getattr(self, "touched", None):
            touched, self.touched = self.touched, set()
            self.wait(self._look(touched))

    def teardown(self) -> None:
        if hasattr(self, "known"):
            self.wait(self._look(set(self.known)))

    async def _lead_on(self, case: int, who: int, pick: int) -> None:
        """Some steps on, each of those that the service offers to officers or that it waits for, mostly one that leads
        to the end of the case."""
        chance = Random(pick)
        for _ in range(STEPS_AT_ONCE):
            ways = await self._ways(case, chance)
            if not ways:
                # Its end is reached: the next one takes its place.
                self.cases[case] = await self._open(case)
                return
            await chance.choice(ways)()
            touched, self.touched = self.touched, set()
            await self._look(touched)

    async def _ways(self, case: int, chance: Random) -> list[Callable[[], Awaitable[None]]]:
        """The steps that lead on now, each as often as it has weight. Officers are asked in any order, up to the first
        who is offered a step that leads on; often the one who acted last is asked first, as many steps are for somebody
        else."""
        case_id = self.cases[case].id
        kept = await self.desk.case(case_id)
        here = [number for number, one in enumerate(self.officers) if one.office == kept.office]
        has_it = [number for number in here if self.officers[number].id == kept.examiner_id]
        last = [number for number in here if number == self.known[case_id].last and chance.random() < ASKED_AGAIN]
        found: list[Callable[[], Awaitable[None]]] = []
        for number in dict.fromkeys([*last, *has_it, *chance.sample(here, len(here))]):
            seen = await self._view(self.cases[case], self.officers[number])
            offered = [step for step in map(Step, seen["steps"]) if self._has_object(step, seen)]
            for step in offered:
                act = partial(self._take, number, case, step, chance.randrange(2**16), seen)
                found += [act] * (LEADING * WEIGHTS[step] if step in WEIGHTS else 1)
            if any(step in WEIGHTS for step in offered):
                break
        for name, weight in AWAITED.get(State(kept.state), {}).items():
            found += [partial(getattr(self, name), case, chance.choice(here), chance.randrange(2**16))] * (
                LEADING * weight
            )
        return found

    @staticmethod
    def _has_object(step: Step, view: Mapping[str, Any]) -> bool:
        """Whether there is something that the step is about."""
        return not {
            Step.PAY_FEE: view["fee_paid"],
            Step.TAKE_MATERIALS: view["materials_received"],
            Step.ANSWER_CORRECTION: not waiting(view["corrections"]),
            Step.ANSWER_MORE_TIME: not waiting(view["more_time"]),
            Step.RESOLVE_SAME_PERSON: not unresolved(view),
            Step.UNFLAG: not view["flags"],
        }.get(step, False)

    async def _try(self, case: int, who: int, pick: int) -> None:
        """Take any step with any officer: mostly one that the service has to refuse."""
        step = OF_OFFICERS[pick % len(OF_OFFICERS)]
        kept = await self.desk.case(self.cases[case].id)
        blank: dict[str, Any] = {"more_time": (), "corrections": (), "same_person": ()}
        await self._take(who, case, step, pick // 7, blank | {"office": kept.office, "fee_yen": kept.fee_yen})

    async def _take(self, who: int, case: int, step: Step, pick: int, view: Mapping[str, Any]) -> None:
        """A step that may be refused, and never breaks anything."""
        officer, known = self.officers[who], self.known[self.cases[case].id]
        path, body = self._request(step, case, pick, view)
        with self.desk.recall_within(RECALL_WITHIN if pick % 2 else timedelta(0)):
            answer = await self.desk.post(officer, self.cases[case].id, path, body)
        self.touched.add(self.cases[case].id)
        assert answer.status_code in (200, 201, 403, 404, 409, 422), (step, answer.status_code, answer.text)
        if answer.status_code == 409 and answer.json()["code"] == "wrong-state":
            assert answer.json()["changed_at"], "the late ones learn since when"
        if officer.office != known.office:
            assert answer.status_code in (403, 404), "nobody acts on a case of another office"
        if answer.is_success:
            self.reached[step] += 1
            known.last = who
            self._note(step, officer, known, path, body)

    def _note(self, step: Step, officer: Actor, known: Known, path: str, body: Any) -> None:
        """Remember who did what, and look at what one human may not do alone."""
        human = humans(officer)
        if step is Step.PROPOSE:
            known.proposers |= human
        elif step in (Step.APPROVE, Step.SEND_BACK):
            assert not human & known.proposers, "decided by one human alone"
            known.deciders = human
        elif step is Step.RECALL:
            assert not human & known.deciders, "recalled by who decided"
        elif step is Step.TRANSFER:
            known.office = body["office"]

    def _request(self, step: Step, case: int, pick: int, view: Mapping[str, Any]) -> tuple[str, Any]:
        """The route of a step below the case, and its body."""
        here = [one for one in self.officers if one.office == view["office"] and one.has(Role.EXAMINER)]
        examiner = {"examiner_id": str((here or self.officers)[pick % len(here or self.officers)].id)}
        why = {"reason": "x"}
        day = self.desk.clock.now().date()
        item = {"items": [{"code": "RES_TAX", "message": "x"}], "due_on": str(day + timedelta(days=7))}
        grant = {"outcome": "grant", "period_of_stay": "Y3"}
        end = {"outcome": ("refuse", "not_accept")[pick % 2], "reason_code": "conduct", "reason": "x"}
        other = next(iter(unresolved(view)), {"case_id": str(self.cases[1 - min(case, 1)].id)})["case_id"]
        number = f"AB{new_id().int % 10**8:08d}CD"
        requests: Mapping[Step, Callable[[], tuple[str, Any]]] = {
            Step.START: lambda: ("start", None),
            Step.TAKE: lambda: ("take", None),
            Step.ASSIGN: lambda: ("assignment", examiner),
            Step.REASSIGN: lambda: ("reassignment", examiner),
            Step.HAND_OVER: lambda: ("hand-over", examiner | why),
            Step.GIVE_BACK: lambda: ("return", why),
            Step.TAKE_BACK: lambda: ("take-back", why),
            Step.TRANSFER: lambda: ("transfer", {"office": OFFICES[view["office"] == OFFICES[0]]} | why),
            Step.FLAG: lambda: ("flags", {"code": "urgent"} | why),
            Step.UNFLAG: lambda: ("flags/urgent/removal", why),
            Step.EXAMINE: lambda: ("examination", {"findings": {}}),
            Step.REQUEST_DOCUMENTS: lambda: ("document-requests", item),
            Step.ANSWER_MORE_TIME: lambda: (f"more-time/{waiting(view['more_time']) or new_id()}", {"agreed": True}),
            Step.ANSWER_CORRECTION: lambda: (
                f"corrections/{waiting(view['corrections']) or new_id()}",
                {"agreed": True},
            ),
            Step.REQUEST_INTERVIEW: lambda: ("interview", {"held_at": f"{day + timedelta(days=9)}T10:00:00+09:00"}),
            Step.MOVE_INTERVIEW: lambda: ("interview/move", {"held_at": f"{day + timedelta(days=12)}T10:00:00+09:00"}),
            Step.CANCEL_INTERVIEW: lambda: ("interview/cancel", why),
            Step.RESOLVE_SAME_PERSON: lambda: (
                "same-person",
                {"other_case_id": other, "finding": "both_needed"} | why,
            ),
            Step.PROPOSE: lambda: ("proposal", grant if pick % 4 else end),
            Step.APPROVE: lambda: ("decision", {"approve": True}),
            Step.SEND_BACK: lambda: ("decision", {"approve": False, "note": "x"}),
            Step.RECALL: lambda: ("recall", why),
            Step.TERMINATE: lambda: ("termination", {"reason_code": "left_japan"}),
            Step.PAY_FEE: lambda: (
                "fee",
                FEE | {"amount_yen": (view["fee_yen"] or 5500) if pick % 4 else 1, "paid_on": str(day)},
            ),
            Step.TAKE_MATERIALS: lambda: ("card-materials-received", MATERIALS),
            Step.ISSUE_CARD: lambda: ("card", card(number, str(day + timedelta(days=300)))),
            Step.ISSUE_CERTIFICATE: lambda: ("certificate", {"method": "POST"}),
            Step.REVOKE_CERTIFICATE: lambda: ("certificate-revocation", {"reason_code": "wrong_entry"} | why),
            Step.REQUIRE_VISIT: lambda: ("counter-visit", {"reason_code": "returned_mail"}),
            Step.MAIL: lambda: ("mailing", MAILING),
            Step.RETURN_CARD: lambda: ("card-return", {"kind": ("returned", "lost")[pick % 2]}),
            Step.DELIVER: lambda: ("delivery", None),
        }
        return requests[step]()

    async def _outside(self, case: int, who: int, pick: int) -> None:
        """Something that the applicant does."""
        await getattr(self, f"_do_{OUTSIDE[pick % len(OUTSIDE)]}")(self.cases[case])
        self.touched.add(self.cases[case].id)

    async def _view(self, case: Case, by: Actor | None = None) -> Any:
        return (await self.desk.get(by or self.desk.auditor, f"/{case.id}")).json()

    async def _answer(self, case: int, who: int, pick: int) -> None:
        """The applicant submits the documents that were asked for."""
        await self._do_documents(self.cases[case])
        self.touched.add(self.cases[case].id)

    async def _pay(self, case: int, who: int, pick: int) -> None:
        """The applicant pays online."""
        await self._do_pay_online(self.cases[case])
        self.touched.add(self.cases[case].id)

    async def _do_documents(self, case: Case) -> None:
        if requests := (await self._view(case))["document_requests"]:
            event = application.AdditionalDocumentsSubmitted.example(
                application_id=case.application_id, request_id=requests[-1]["id"]
            )
            await self.desk.service.deliver(event)

    async def _do_more_time(self, case: Case) -> None:
        if requests := (await self._view(case))["document_requests"]:
            event = application.MoreTimeRequested.example(
                application_id=case.application_id,
                request_id=requests[-1]["id"],
                more_time_id=new_id(),
                wanted_on=self.desk.clock.now().date() + timedelta(days=20),
            )
            await self.desk.service.deliver(event)

    async def _do_correction(self, case: Case) -> None:
        event = application.CorrectionRequested.example(application_id=case.application_id, correction_id=new_id())
        await self.desk.service.deliver(event)

    async def _do_moved(self, case: Case) -> None:
        await self.desk.service.deliver(application.ApplicantMoved.example(application_id=case.application_id))

    async def _do_withdraw(self, case: Case) -> None:
        await self.desk.service.deliver(application.ApplicationWithdrawn.example(application_id=case.application_id))

    async def _do_pay_online(self, case: Case) -> None:
        answer = await self.desk.pay(case)
        assert answer.status_code in (200, 409, 422), answer.text
        if answer.is_success:
            # Often it is paid twice, or the provider tells twice of it.
            act = ("pay", "twice", "twice", "repeat")[self.moves % 4]
            assert set(await self.desk.act(answer.json()["orders"][0], act)) <= {200}
            self.reached[f"paid online: {act}"] += 1

    async def _refund(self, case: int, who: int, pick: int) -> None:
        """Give money back that pays nothing: an officer of the card office proposes it and one decides, at times the
        same."""
        chance = Random(pick)
        for officer in chance.choices([one for one in self.officers if one.has(Role.CARD_OFFICE)], k=2):
            await self._refund_by(officer)
        await self.desk.work_timers()

    async def _refund_by(self, officer: Actor) -> None:
        for one in (await self.desk.look(officer))["refundable"]:
            # Cases of earlier runs are there as well.
            if UUID(one["case_id"]) not in self.known:
                continue
            refund = one["refund"]
            if refund is None:
                answer = await self.desk.at_payment_desk(
                    f"receipts/{one['receipt_id']}/refund", {"reason": "x"}, officer
                )
            else:
                answer = await self.desk.at_payment_desk(f"refunds/{refund['id']}/decision", {"approve": True}, officer)
            assert answer.status_code in (200, 403, 409), answer.text
            self.touched.add(UUID(one["case_id"]))

    async def _wait(self, case: int, who: int, pick: int) -> None:
        """Time passes, and everything that is due happens."""
        self.desk.clock.advance(timedelta(minutes=(31, 10, 31, 60 * 24 * 8)[pick % 4]))
        await self.desk.work_timers()
        self.touched |= set(self.known)

    async def _pass_of_several(self, case: int, who: int, pick: int) -> None:
        """Approve what one is offered to approve in one pass, and what one is not."""
        officer = self.officers[who]
        listed = await self.desk.get(officer, "/proposals")
        if listed.status_code == 403:
            return
        found = {one["case_id"]: one for one in listed.json()["items"] if UUID(one["case_id"]) in self.known}
        if not found:
            return
        body = {"cases": [{"case_id": key, "proposal_id": one["proposal_id"]} for key, one in found.items()]}
        headers = tokens.bearer(officer, self.desk.clock) | {"Idempotency-Key": str(new_id())}
        answer: httpx.Response = await self.desk.service.client.post("/v1/cases/decisions", json=body, headers=headers)
        assert answer.status_code in (200, 422), answer.text
        self.touched |= {UUID(key) for key in found}
        for one in answer.json().get("items", ()):
            if one["done"]:
                known = self.known[UUID(one["case_id"])]
                assert found[one["case_id"]]["obstacle"] is None
                assert not humans(officer) & known.proposers, "decided by one human alone"
                known.deciders = humans(officer)

    async def _look(self, case_ids: set[UUID]) -> None:
        followed = {case_id: Followed() for case_id in case_ids}
        applications = {self.known[case_id].application_id: case_id for case_id in case_ids}
        async with self.desk.service.db.read() as session:
            sent = select(outbox).where(outbox.c.aggregateid.in_(applications)).order_by(outbox.c.position)
            for row in (await session.execute(sent)).mappings().all():
                key, headers = row["aggregateid"], headers_from_json(row["headers"])
                event = decode(Message(row["aggregatetype"], key, bytes(row["payload"]), headers))[1]
                followed[applications[key]].events.append(event)
            for case in (await session.scalars(select(Case).where(Case.id.in_(case_ids)))).all():
                await self._look_at(session, case, followed[case.id])
            await self._look_at_the_person(session)

    async def _look_at(self, session: Any, case: Case, followed: Followed) -> None:
        state, key, known = State(case.state), {"case": case.id}, self.known[case.id]
        self.reached[state] += 1
        actions = list((await session.scalars(JOURNAL, key)).all())
        assert next(one for one in reversed(actions) if one in MOVING) in REASONS[state], f"no reason for {state}"
        happened = Counter(actions)
        for action, kind in SENT.items():
            assert followed.count(kind) == happened[action], f"{action}: {kind.__name__} was lost, or sent twice"
        assert (case.office, True) == (known.office, case.office in OFFICES), "at an office to which nobody gave it"
        self._look_at_decisions(state, case, (await session.execute(PROPOSALS, key)).mappings().all())
        await self._look_at_money(session, state, case)
        has_card = await session.scalar(CARD, key) is not None
        assert has_card or state not in WITH_CARD
        if state in WITH_CARD | {State.CARD_PRODUCTION}:
            assert await session.scalar(PAID, key), "a card without its fee"
            assert await session.scalar(OLD_CARD, key), "a card while the old one is out"
        assert agrees(state, followed.shown), (state, followed.shown)

    def _look_at_decisions(self, state: State, case: Case, proposals: Any) -> None:
        in_effect = [one for one in proposals if one["took_effect_at"] is not None]
        if state in UNDECIDED:
            assert not in_effect, "an outcome that the state does not have"
        if state in GRANTED | {State.DECIDED_REFUSE, State.NOT_ACCEPTED}:
            (decision,) = in_effect
            assert decision["decided_by"] not in {one["proposed_by"] for one in proposals}, "decided by one account"
            assert decision["recalled_at"] is None, "in effect after its recall"
            assert (decision["outcome"] == "grant") == (state in GRANTED), "not what was decided"
            assert case.granted_period == decision["period_of_stay"]
        assert (case.fee_yen is not None) == (state in GRANTED) or (state is State.TERMINATED and in_effect)
        if state is State.TERMINATED and in_effect:
            assert case.state_by != in_effect[0]["decided_by"], "a grant undone by who decided it"

    async def _look_at_money(self, session: Any, state: State, case: Case) -> None:
        paid = (await session.scalars(PAID, {"case": case.id})).all()
        assert paid in ([], [case.fee_yen]), "paid once, and what is due"
        money = (await session.execute(MONEY, {"case": case.id})).mappings().all()
        for one in money:
            if one["approved"]:
                self.reached["refund"] += 1
                assert one["decided_by"] != one["proposed_by"], "given back by one officer alone"
            if one["refunded_at"] is not None:
                assert one["state"] == "refunded"
        assert sum(one["state"] == "pays" for one in money) <= len(paid), "money that pays was given back"

    async def _look_at_the_person(self, session: Any) -> None:
        """Of two cases of one person the second is decided after somebody looked into it."""
        found = (await session.execute(NOT_LOOKED_INTO, {"cases": self.of_one_person})).all()
        assert not found, "nobody looked into it"


def waiting(asked: Any) -> str | None:
    """The id of what waits for an answer."""
    found = (one["id"] for one in asked if one["agreed"] is None and not one.get("lapsed_at") and one["requested_at"])
    return next(found, None)


def unresolved(view: Mapping[str, Any]) -> list[Any]:
    """Other cases of the person that hold the decision of this one, as nothing is recorded about them."""
    return [one for one in view["same_person"] if one["holds_decision"]]


def agrees(state: State, shown: str) -> bool:
    """Whether what the applicant is shown goes with the state. Before a decision is in effect nothing of it is seen,
    and a withdrawal is the applicant's own word."""
    if state in CLOSED - {State.WITHDRAWN}:
        return shown == state.value.lower()
    if state in UNDECIDED | {State.WITHDRAWN}:
        return shown in ("received", "under_review", "docs_requested", "docs_submitted", "on_hold_interview")
    if state is State.DISPATCHED:
        return shown == "dispatched"
    return shown in ("decided_grant", "awaiting_fee", "card_production")


def known_as(officer: Actor, person: str) -> Actor:
    """An account of a human who is known."""
    return Actor(
        kind="officer",
        id=officer.id,
        roles=officer.roles,
        office=officer.office,
        session_id=officer.session_id,
        person=person,
    )


def humans(officer: Actor) -> set[str]:
    """The account, and the human behind it: worked out without the service's own rule."""
    return {str(officer.id)} | ({officer.person} if officer.person else set())
