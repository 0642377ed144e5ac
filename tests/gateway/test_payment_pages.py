"""Paying the fee online in a browser without scripts, and the payments that the card office looks into."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.payment.app import Provider, Site, create_app
from deploy.local.payment.book import Book
from services.review.jobs import payment_jobs
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.timers import Due
from shared.work import RequestIdentity
from tests.gateway.desk import EXAMINING, Office, office_site
from tests.infra.databases import Databases
from tests.services.review.paying import CALLBACK_KEY, SITE_KEY
from tests.support.web import serving


class PayingOffice:
    """An office, its applicant, and the payment provider."""

    def __init__(self, office: Office, provider: Provider) -> None:
        self.office, self.provider = office, provider

    async def granted(self) -> None:
        """The application is granted, for three years."""
        await self.office.step("examiner", "start", "Start")
        await self.office.step("examiner", "proposal", "Propose", outcome="grant", period_of_stay="Y3")
        await self.office.step("chief", "decision", "Confirm", approve="yes")
        await self.office.exchange()


@pytest.fixture
async def paying(databases: Databases, object_store: S3Server) -> AsyncIterator[PayingOffice]:
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


async def test_the_fee_is_paid_online_and_what_was_paid_twice_is_given_back(paying: PayingOffice) -> None:
    office, clerk = paying.office, paying.office.clerk
    assert "/payment" not in (await clerk.open("/payment")).path, "there is nothing to pay before the decision"
    await paying.granted()
    page = await clerk.browser.open((await clerk.open("/after-grant")).links["Pay online"] + "?lang=en")
    for text in ("56,000 yen", "550 yen", "56,550 yen", "Convenience store (charge 550 yen, 56,550 yen in all)"):
        assert text in page.shown, text
    wrong = await clerk.browser.send(page, "Continue to payment")
    assert (wrong.status, "Choose how to pay." in wrong.shown) == (422, True)
    ordered = await clerk.browser.send(wrong, "Continue to payment", method="convenience_store")
    (order,) = paying.provider.book.orders.values()
    assert order.number in ordered.shown
    assert "You can pay until" in ordered.shown
    assert ordered.links["Go to the payment page"].endswith(f"/pay/{order.reference}")
    assert await paying.provider.act(order, "twice") == [200, 200]
    assert "The fee is paid." in (await clerk.open("/payment")).shown
    receipt = await clerk.open("/payment/receipt")
    for text in ("Fee paid", "56,000 yen", "550 yen", "56,550 yen", "Paid twice"):
        assert text in receipt.shown, text
    assert "納付した手数料" in (await clerk.open("/payment/receipt", lang="ja")).shown

    desk = office.browsers["card office"]
    page = await desk.open("/desk/payments?lang=en")
    assert "Double payments" in page.shown
    empty = await desk.send(page, "Propose the refund")
    assert (empty.status, "Write down what it is." in empty.shown) == (422, True)
    proposed = await desk.send(empty, "Propose the refund", reason="二重納付")
    assert "You proposed it. Another officer decides." in proposed.shown
    second = office.browsers["second"]
    page = await second.open("/desk/payments?lang=en")
    refused = await second.send(page, "Refuse the refund")
    assert refused.status == 422
    approved = await second.send(refused, "Approve the refund")
    assert "The refund is approved." in approved.shown


async def test_an_officer_writes_down_what_a_difference_was(paying: PayingOffice) -> None:
    await paying.granted()
    clerk, office = paying.office.clerk, paying.office
    page = await clerk.open("/payment")
    await clerk.browser.send(page, "Continue to payment", method="bank")
    (order,) = paying.provider.book.orders.values()
    assert await paying.provider.act(order, "lost") == []
    office.clerk.front.clock.advance(timedelta(days=1))
    app = office.review.app
    (job,) = payment_jobs(app.state.payment_provider)
    async with office.review.db.transaction() as session:
        work = app.state.runtime.commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        await job.run(work, Due("job:payment-files", new_id(), office.clerk.front.clock.now(), {}, 0))
        await work.finish()
    await office.again("card office")
    desk = office.browsers["card office"]
    page = await desk.open("/desk/payments?lang=en")
    assert "Paid, but no notice came" in page.shown
    done = await desk.send(page, "Mark as looked into", note="確認済み")
    assert "Marked as looked into." in done.shown
    assert "Paid, but no notice came" not in done.shown


async def test_the_payments_are_the_card_offices_alone(paying: PayingOffice) -> None:
    assert (await paying.office.browsers["examiner"].open("/desk/payments?lang=en")).status == 403
    assert "Payments to look into" in (await paying.office.browsers["card office"].open("/desk?lang=en")).shown
