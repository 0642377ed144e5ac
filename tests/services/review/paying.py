"""A desk with the payment provider of the local stack beside it: real HTTP between the two."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from deploy.local.payment.app import Provider, Site, create_app
from deploy.local.payment.book import Book
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.jobs import payment_jobs
from services.review.payment.api.callbacks import HEADER
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.notice_signature import sign
from shared.timers import Due, TimerWorker
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.review.desk import Desk
from tests.support import tokens
from tests.support.service import running
from tests.support.web import serving

# After 2026-10-01, from when fees are paid online.
AUTUMN = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
CALLBACK_KEY = "callback-key-of-the-tests-0123456789"
SITE_KEY = "site-key-of-the-tests-0123456789-0123"
FILED = {"legal_date": "2026-11-01", "stay_expiry": "2026-12-31"}
# Three years of an extension that was filed in November: the fee, and the charge of the payment.
FEE_YEN, CHARGE_YEN = 56_000, 550


@dataclass
class PayingDesk(Desk):
    """A desk whose applicants pay online."""

    provider: Provider | None = None

    @property
    def book(self) -> Book:
        assert self.provider is not None
        return self.provider.book

    async def granted(self, **changes: Any) -> Case:
        """A case that waits for its fee."""
        return await self.at(State.AWAITING_FEE, **(FILED | changes))

    def owner(self, case: Case) -> Actor:
        """The person who filed."""
        assert case.role is not None
        return Actor(kind="person", id=case.owner_id, roles=frozenset({Role(case.role)}), session_id=new_id())

    async def pay(
        self, case: Case, method: str = "convenience_store", *, by: Actor | None = None, key: str | None = None
    ) -> httpx.Response:
        """Order to pay online."""
        headers = tokens.bearer(by or self.owner(case), self.clock)
        headers |= {"Idempotency-Key": key or str(new_id()), "Accept-Language": "en"}
        path = f"/v1/payments/{case.application_id}"
        return await self.service.client.post(path, json={"method": method}, headers=headers)

    async def ordered(self, case: Case, method: str = "convenience_store") -> dict[str, Any]:
        """The order that was just made."""
        answer = await self.pay(case, method)
        assert answer.status_code == 200, answer.text
        order: dict[str, Any] = answer.json()["orders"][0]
        return order

    async def payment(self, case: Case, by: Actor | None = None) -> httpx.Response:
        """The page of data that the applicant is shown."""
        headers = tokens.bearer(by or self.owner(case), self.clock)
        return await self.service.client.get(f"/v1/payments/{case.application_id}", headers=headers)

    async def act(self, order: dict[str, Any], act: str) -> list[int]:
        """Have something happen at the provider; the answers to its notices."""
        assert self.provider is not None
        (found,) = [one for one in self.book.orders.values() if one.order_id == order["id"]]
        return await self.provider.act(found, act)

    async def notice(
        self, order_id: str, *, kid: str = "k1", key: str = CALLBACK_KEY, **changes: Any
    ) -> httpx.Response:
        """A notice, signed here; a change to None leaves a member out."""
        body = {
            "event_id": f"evt_{new_id().hex}",
            "kind": "paid",
            "order_id": order_id,
            "transaction_id": f"txn_{new_id().hex}",
            "amount_yen": FEE_YEN + CHARGE_YEN,
            "at": self.clock.now().isoformat(),
        }
        content = json.dumps({name: value for name, value in (body | changes).items() if value is not None}).encode()
        return await self.raw_notice(content, sign(content, self.clock.now(), kid, key))

    async def raw_notice(self, content: bytes, signature: str | None) -> httpx.Response:
        """A notice as it is."""
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        headers |= {HEADER: signature} if signature is not None else {}
        return await self.service.client.post("/payments/callback", content=content, headers=headers)

    async def look(self, by: Actor | None = None) -> dict[str, Any]:
        """The list of payments that the card office has to look into."""
        headers = tokens.bearer(by or self.card_office, self.clock)
        answer = await self.service.client.get("/v1/payment-desk", headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def at_payment_desk(self, path: str, body: Any, by: Actor | None = None) -> httpx.Response:
        """A step at the payment desk."""
        headers = tokens.bearer(by or self.card_office, self.clock) | {"Idempotency-Key": str(new_id())}
        headers["Accept-Language"] = "en"
        return await self.service.client.post(f"/v1/payment-desk/{path}", json=body, headers=headers)

    async def work_timers(self) -> None:
        """Work through every timer that is due now."""
        app = self.service.app
        worker = TimerWorker(app.state.runtime.commands, app.state.timers)
        while await worker.work_one():
            pass

    async def reconcile(self) -> None:
        """One round of the job that reads the provider's files."""
        app = self.service.app
        (job,) = payment_jobs(app.state.payment_provider)
        async with self.service.db.transaction() as session:
            commands = app.state.runtime.commands
            work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
            await job.run(work, Due("job:payment-files", UUID(int=0), self.clock.now(), {}, 0))
            await work.finish()


@asynccontextmanager
async def paying(database: TestDatabase) -> AsyncIterator[PayingDesk]:
    """A desk, its clock in autumn, with a provider that tells it of payments."""
    clock = ManualClock(AUTUMN)
    site = Site(SITE_KEY, "http://service.test/payments/callback", "k1", CALLBACK_KEY)
    provider = Provider(site, Book(clock.now))
    async with (
        serving(create_app(provider)) as url,
        running(
            "review",
            database,
            clock=clock,
            payment_url=url,
            payment_key=SITE_KEY,
            payment_callback_keys=f"k0=a-key-that-goes-out-0123456789-0123456 k1={CALLBACK_KEY}",
        ) as service,
    ):
        provider.http = service.client
        yield PayingDesk(service, clock, provider=provider)
