"""An office at work: officers, and the steps that bring a case from one state to the next, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, select

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.jobs import TIMERS, sweep
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import AdditionalDocumentsSubmitted, ApplicationSubmitted, ApplicationWithdrawn
from shared.events.base import Event
from shared.ids import new_id
from shared.journal import journal
from shared.timers import Due, TimerWorker
from shared.work import RequestIdentity
from tests.support import tokens
from tests.support.service import RunningService

RECALL_WITHIN = timedelta(minutes=30)
GRANT = {"outcome": "grant", "period_of_stay": "Y3"}
REFUSE = {"outcome": "refuse", "reason_code": "requirements_not_met", "reason": "職務内容が基準に適合しない"}
FEE = {"amount_yen": 5500, "paid_on": "2026-07-15", "reference": "PAY-1"}
MATERIALS = {"residence_card_received": True}
MAILING = {"carrier": "letter_pack_plus", "tracking_number": "1234-5678-9012"}


def filed(**changes: Any) -> ApplicationSubmitted:
    """An extension, as the application service announces it; every call another one."""
    number = new_id()
    values: dict[str, Any] = {
        "application_id": number,
        "receipt_number": f"東オンＥＮ{number.int % 10**8:08d}",
        "combined_with": [],
        "procedure": "EXTEND",
        "status_of_residence": "ENG_HUM_INT",
        "office": "TYO",
        "legal_date": "2026-07-01",
        "stay_expiry": "2026-08-31",
    }
    return ApplicationSubmitted.example(**(values | changes))


def card(number: str = "AB12345678CD", expires_on: str = "2029-08-31") -> dict[str, str]:
    """The body that records a card."""
    return {"card_number": number, "expires_on": expires_on}


@dataclass
class Desk:
    """Officers of one bureau, and what they do."""

    service: RunningService
    clock: ManualClock
    examiner: Actor = field(default_factory=lambda: tokens.officer(Role.EXAMINER))
    colleague: Actor = field(default_factory=lambda: tokens.officer(Role.EXAMINER))
    chief: Actor = field(default_factory=lambda: tokens.officer(Role.CHIEF_EXAMINER))
    card_office: Actor = field(default_factory=lambda: tokens.officer(Role.CARD_OFFICE))
    auditor: Actor = field(default_factory=lambda: tokens.officer(Role.AUDITOR, office="OSA"))

    async def post(
        self,
        actor: Actor,
        case_id: UUID,
        step: str,
        body: Any = None,
        key: str | None = None,
        revision: int | None = None,
    ) -> httpx.Response:
        """One step; each with a new idempotency key unless one is given. `revision` is that of the case as it was
        read."""
        headers = tokens.bearer(actor, self.clock) | {
            "Idempotency-Key": key or str(new_id()),
            "Accept-Language": "en",
        }
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        return await self.service.client.post(f"/v1/cases/{case_id}/{step}", json=body, headers=headers)

    async def done(self, actor: Actor, case_id: UUID, step: str, body: Any = None) -> dict[str, Any]:
        """One step that must succeed."""
        answer = await self.post(actor, case_id, step, body)
        assert answer.status_code in (200, 201), answer.text
        answered: dict[str, Any] = answer.json()
        return answered

    async def get(self, actor: Actor, path: str = "", **params: Any) -> httpx.Response:
        """Something under `/v1/cases`."""
        headers = tokens.bearer(actor, self.clock) | {"Accept-Language": "en"}
        return await self.service.client.get(f"/v1/cases{path}", params=params, headers=headers)

    async def open(self, **changes: Any) -> Case:
        """A case, as ApplicationSubmitted opens it."""
        event = filed(**changes)
        await self.service.deliver(event)
        async with self.service.db.read() as session:
            found: Case = await session.scalar(select(Case).where(Case.application_id == event.application_id))
        return found

    async def at(self, state: State, **changes: Any) -> Case:
        """A case brought to `state`."""
        case = await self.open(**changes)
        for step in WAYS[state]:
            await getattr(self, f"_{step}")(case)
        assert await self.state(case.id) == state
        return case

    async def case(self, case_id: UUID) -> Case:
        """The case as it is stored now."""
        async with self.service.db.read() as session:
            found: Case = await session.get(Case, case_id)
        return found

    async def state(self, case_id: UUID) -> State:
        """The state of the case now."""
        return State((await self.case(case_id)).state)

    async def lines(self, case_id: UUID | None = None) -> int:
        """The number of lines in the journal, of one case or of all."""
        query = select(func.count()).select_from(journal)
        if case_id is not None:
            query = query.where(journal.c.aggregate_id == case_id)
        async with self.service.db.read() as session:
            return int(await session.scalar(query))

    async def events(self, kind: type[Event] | None = None) -> list[Any]:
        """Events for other services, of one kind or all."""
        return [event for event in await self.service.events() if kind is None or isinstance(event, kind)]

    async def pass_time(self, step: timedelta) -> None:
        """Move the clock, and work through every timer that is due then."""
        self.clock.advance(step)
        worker = TimerWorker(self.service.app.state.runtime.commands, TIMERS)
        while await worker.work_one():
            pass

    async def sweep(self) -> None:
        """One round of the job that looks at what waits."""
        async with self.service.db.transaction() as session:
            commands = self.service.app.state.runtime.commands
            work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
            await sweep(work, Due("job:waiting-cases", new_id(), self.clock.now(), {}, 0))
            await work.finish()

    async def _start(self, case: Case) -> None:
        await self.done(self.examiner, case.id, "start")

    async def _ask(self, case: Case) -> None:
        body = {"items": [{"code": "RES_TAX", "message": "課税証明書"}], "due_on": "2026-07-29"}
        self.request_id = UUID((await self.done(self.examiner, case.id, "document-requests", body))["request_id"])

    async def _answer(self, case: Case) -> None:
        await self.service.deliver(self.answered(case))

    def answered(self, case: Case, **changes: Any) -> AdditionalDocumentsSubmitted:
        """The applicant's answer to the last request of `_ask`."""
        values = {"application_id": case.application_id, "request_id": self.request_id}
        return AdditionalDocumentsSubmitted.example(**(values | changes))

    async def _invite(self, case: Case) -> None:
        await self.done(self.examiner, case.id, "interview", {"instructions": "来庁してください"})

    async def _propose(self, case: Case) -> None:
        periods = {} if case.procedure == "WORKCERT" else {"period_of_stay": "Y3"}
        await self.done(self.examiner, case.id, "proposal", {"outcome": "grant"} | periods)

    async def _refuse(self, case: Case) -> None:
        await self.done(self.examiner, case.id, "proposal", REFUSE)

    async def _reject(self, case: Case) -> None:
        await self.done(self.examiner, case.id, "proposal", REFUSE | {"outcome": "not_accept"})

    async def _approve(self, case: Case) -> None:
        await self.done(self.chief, case.id, "decision", {"approve": True})

    @contextmanager
    def recall_within(self, time: timedelta) -> Iterator[None]:
        """Decisions of the block can be recalled for so long."""
        runtime = self.service.app.state.runtime
        kept = runtime.settings
        runtime.settings = kept.model_copy(update={"recall_minutes": time // timedelta(minutes=1)})
        yield
        runtime.settings = kept

    async def _approve_later(self, case: Case) -> None:
        with self.recall_within(RECALL_WITHIN):
            await self._approve(case)

    async def _pay(self, case: Case) -> None:
        async with self.service.db.read() as session:
            due = await session.scalar(select(Case.fee_yen).where(Case.id == case.id))
        await self.done(self.card_office, case.id, "fee", FEE | {"amount_yen": due})

    async def _receive(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "card-materials-received", MATERIALS)

    async def _issue(self, case: Case) -> None:
        number = f"AB{case.id.int % 10**8:08d}CD"
        await self.done(self.card_office, case.id, "card", card(number))

    async def _mail(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "mailing", MAILING)

    async def _visit(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "counter-visit", {"reason_code": "returned_mail"})

    async def _bounce(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "card-return", {"kind": "returned"})

    async def _deliver(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "delivery")

    async def _certify(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "certificate", {"method": "EMAIL"})

    async def _withdraw(self, case: Case) -> None:
        await self.service.deliver(ApplicationWithdrawn.example(application_id=case.application_id))

    async def _terminate(self, case: Case) -> None:
        await self.done(self.chief, case.id, "termination", {"reason_code": "left_japan"})


_GRANTED = "start propose approve"
WAYS = {
    state: steps.split()
    for state, steps in {
        State.RECEIVED: "",
        State.UNDER_REVIEW: "start",
        State.DOCS_REQUESTED: "start ask",
        State.DOCS_SUBMITTED: "start ask answer",
        State.ON_HOLD_INTERVIEW: "start invite",
        State.PROPOSED: "start propose",
        State.DECIDED: "start propose approve_later",
        State.AWAITING_FEE: _GRANTED,
        State.CARD_PRODUCTION: f"{_GRANTED} pay receive",
        State.CARD_ISSUED: f"{_GRANTED} pay receive issue",
        State.COUNTER_VISIT: f"{_GRANTED} pay receive issue visit",
        State.DISPATCHED: f"{_GRANTED} pay receive issue mail",
        State.RETURNED: f"{_GRANTED} pay receive issue mail bounce",
        State.DELIVERED: f"{_GRANTED} pay receive issue mail deliver",
        State.DECIDED_REFUSE: "start refuse approve",
        State.NOT_ACCEPTED: "start reject approve",
        State.WITHDRAWN: "start withdraw",
        State.TERMINATED: "start terminate",
        State.DECIDED_GRANT: _GRANTED,
        State.CERTIFICATE_ISSUED: f"{_GRANTED} certify",
    }.items()
}
# What is filed of a case in these states: a grant of it leads to a paper, and is free.
_COE = {"procedure": "COE", "stay_expiry": None}
COE_AT: dict[State, dict[str, Any]] = {State.DECIDED_GRANT: _COE, State.CERTIFICATE_ISSUED: _COE}
