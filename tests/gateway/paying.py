"""An office whose applicant pays online, with the payment provider of the local stack beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.payment.app import Provider, Site, create_app
from deploy.local.payment.book import Book, Order
from services.review.jobs import payment_jobs
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.timers import Due, TimerWorker
from shared.work import RequestIdentity
from tests.gateway.desk import EXAMINING, Office, office_site
from tests.infra.databases import Databases
from tests.services.review.paying import CALLBACK_KEY, SITE_KEY
from tests.support.web import serving


class PayingOffice:
    """An office, its applicant, and the payment provider."""

    def __init__(self, office: Office, provider: Provider) -> None:
        self.office, self.provider = office, provider

    @property
    def order(self) -> Order:
        """The order that was made last."""
        return list(self.provider.book.orders.values())[-1]

    async def granted(self) -> None:
        """The application is granted, for three years."""
        await self.office.step("examiner", "start", "Start")
        await self.office.step("examiner", "proposal", "Propose", outcome="grant", period_of_stay="Y3")
        await self.office.step("chief", "decision", "Confirm", approve="yes")
        await self.office.exchange()

    async def next_day(self) -> None:
        """A day later, when the provider's file of the day before is read."""
        self.office.clerk.front.clock.advance(timedelta(days=1))
        app = self.office.review.app
        (job,) = payment_jobs(app.state.payment_provider)
        async with self.office.review.db.transaction() as session:
            work = app.state.runtime.commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
            await job.run(work, Due("job:payment-files", new_id(), self.office.clerk.front.clock.now(), {}, 0))
            await work.finish()

    async def work_timers(self) -> None:
        """Everything that waits for the provider."""
        app = self.office.review.app
        worker = TimerWorker(app.state.runtime.commands, app.state.timers)
        while await worker.work_one():
            pass


@asynccontextmanager
async def paying_office(databases: Databases, object_store: S3Server) -> AsyncIterator[PayingOffice]:
    """The office with an examiner, a chief, and two officers of the card office."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    site = Site(SITE_KEY, "http://service.test/payments/callback", "k1", CALLBACK_KEY)
    provider = Provider(site, Book(clock.now))
    with databases.lent() as new:
        async with serving(create_app(provider)) as url:
            reviewing = {
                "payment_url": url,
                "payment_key": SITE_KEY,
                "payment_callback_keys": f"k1={CALLBACK_KEY}",
            }
            async with office_site(new, clock, object_store, reviewing) as office:
                provider.http = office.review.client
                for name, roles in EXAMINING.items():
                    await office.officer(name, *roles)
                await office.officer("second", Role.CARD_OFFICE)
                yield PayingOffice(office, provider)
