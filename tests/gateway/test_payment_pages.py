"""Paying the fee online in a browser without scripts, and the payments that the card office looks into."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from tests.gateway.paying import PayingOffice, paying_office
from tests.infra.databases import Databases
from tests.services.registration.site import PASSWORD


@pytest.fixture
async def paying(databases: Databases, object_store: S3Server) -> AsyncIterator[PayingOffice]:
    async with paying_office(databases, object_store) as made:
        yield made


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
    for text in ("Fee paid", "56,000 yen", "550 yen", "56,550 yen", "Not used for the fee"):
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


async def test_money_that_the_provider_refuses_to_give_back_is_given_back_otherwise(paying: PayingOffice) -> None:
    office, clerk = paying.office, paying.office.clerk
    await paying.granted()
    page = await clerk.open("/payment")
    await clerk.browser.send(page, "Continue to payment", method="bank")
    await paying.provider.act(paying.order, "closed")
    desk, second = office.browsers["card office"], office.browsers["second"]
    page = await desk.open("/desk/payments?lang=en")
    await desk.send(page, "Propose the refund", reason="二重納付")
    await second.send(await second.open("/desk/payments?lang=en"), "Approve the refund")
    await paying.work_timers()
    page = await desk.open("/desk/payments?lang=en")
    assert "account closed (422)" in page.shown
    proposed = await desk.send(page, "Propose to give it back otherwise", reason="本人の口座に振込（11月21日）")
    assert "By bank transfer or otherwise" in proposed.shown
    approved = await second.send(await second.open("/desk/payments?lang=en"), "Approve the refund")
    assert "The refund is approved." in approved.shown
    assert "account closed" not in (await desk.open("/desk/payments?lang=en")).shown


async def test_an_officer_writes_down_what_a_difference_was(paying: PayingOffice) -> None:
    await paying.granted()
    clerk, office = paying.office.clerk, paying.office
    page = await clerk.open("/payment")
    await clerk.browser.send(page, "Continue to payment", method="bank")
    (order,) = paying.provider.book.orders.values()
    assert await paying.provider.act(order, "lost") == []
    await paying.next_day()
    await office.again("card office")
    desk = office.browsers["card office"]
    page = await desk.open("/desk/payments?lang=en")
    assert "Paid, but no notice came" in page.shown
    done = await desk.send(page, "Mark as looked into", note="確認済み")
    assert "Marked as looked into." in done.shown
    assert "Paid, but no notice came" not in done.shown


async def test_who_paid_another_amount_is_told_and_pays_again(paying: PayingOffice) -> None:
    await paying.granted()
    clerk, office = paying.office.clerk, paying.office
    page = await clerk.browser.send(await clerk.open("/payment"), "Continue to payment", method="bank")
    assert await paying.provider.act(paying.order, "too_little") == [422]
    await paying.next_day()
    await clerk.browser.sign_in(clerk.login_id, PASSWORD, lang="en")
    page = await clerk.open("/payment")
    assert "56,450 yen came in, which is not the amount to pay" in page.shown
    receipt = await clerk.browser.follow(page, "Show the payment receipt")
    assert "Not used for the fee" in receipt.shown
    await office.again("card office")
    await office.again("second")
    listed = await office.browsers["card office"].open("/desk/payments?lang=en")
    for text in ("56,450 yen", "Amount that was ordered", "56,550 yen"):
        assert text in listed.shown, text
    await office.browsers["card office"].send(listed, "Propose the refund", reason="金額の相違")
    listed = await office.browsers["second"].open("/desk/payments?lang=en")
    approved = await office.browsers["second"].send(listed, "Approve the refund")
    assert "The refund is approved." in approved.shown
    await clerk.browser.send(page, "Continue to payment", method="convenience_store")
    assert await paying.provider.act(paying.order, "pay") == [200]
    assert "The fee is paid." in (await clerk.open("/payment")).shown


async def test_the_payments_are_the_card_offices_alone(paying: PayingOffice) -> None:
    assert (await paying.office.browsers["examiner"].open("/desk/payments?lang=en")).status == 403
    assert "Payments to look into" in (await paying.office.browsers["card office"].open("/desk?lang=en")).shown
