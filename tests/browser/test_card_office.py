"""Payment, the card desk and the pages of a record's files in Chromium, in both languages and at both widths."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.reference.receipt_numbers import parse_receipt_number
from tests.browser.looking import Tab, Visitors
from tests.gateway.paying import PayingOffice, paying_office
from tests.infra.databases import Databases
from tests.services.document.test_previews import written
from tests.services.registration.site import PASSWORD

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])


@pytest.fixture
async def paying(databases: Databases, object_store: S3Server) -> AsyncIterator[PayingOffice]:
    async with paying_office(databases, object_store) as made:
        yield made


def _visitors(paying: PayingOffice, chromium: Browser) -> Visitors:
    clerk = paying.office.clerk
    site: Any = clerk.front.site
    return Visitors(chromium, clerk.front.url, site, clerk.document, clerk.application, clerk.front.clock)


async def _as(tab: Tab, paying: PayingOffice, name: str) -> None:
    """Go on as an officer, or as the applicant, who has signed in."""
    office = paying.office
    secret = (office.clerk.browser if name == "applicant" else office.browsers[name]).cookie
    assert secret is not None
    await tab.page.context.add_cookies([{"name": "zairyu_session", "value": secret, "url": office.clerk.front.url}])


async def _look(tab: Tab, name: str, path: str) -> None:
    await tab.page.goto(path)
    await tab.look(name)


@LANGUAGES
async def test_pages_of_payment(paying: PayingOffice, chromium: Browser, lang: str) -> None:
    """The choice, the number, what came in, the receipt; and the desk on which money is given back."""
    await paying.granted()
    office, pay = paying.office, f"{paying.office.clerk.path}/payment"
    async with _visitors(paying, chromium).tab(lang) as tab:
        page = tab.page
        await _as(tab, paying, "applicant")
        await _look(tab, "payment-choice", pay)
        await tab.press("main form button[type=submit]")
        await tab.look("payment-errors")
        for act in ("too_much", "closed"):
            await page.check("#method-convenience_store")
            await tab.press("main form button[type=submit]")
            await tab.look(f"payment-ordered-{act}")
            await paying.provider.act(paying.order, act)
            if act == "too_much":
                await paying.next_day()
                await office.clerk.browser.sign_in(office.clerk.login_id, PASSWORD, lang="en")
                await _as(tab, paying, "applicant")
                await _look(tab, "payment-other-amount", pay)
        await _look(tab, "payment-paid", pay)
        await _look(tab, "payment-receipt", f"{pay}/receipt")
        for name in ("card office", "second"):
            await office.again(name)
        await _as(tab, paying, "card office")
        await _look(tab, "desk-payments", "/desk/payments")
        await tab.press("main form:has(textarea[name=reason]) button >> nth=0")
        await tab.look("desk-payments-errors")
        await page.fill("main textarea[name=reason] >> nth=0", "二重納付")
        await tab.press("main form:has(textarea[name=reason]) button >> nth=0")
        await tab.look("desk-payments-proposed")
        await _as(tab, paying, "second")
        await _look(tab, "desk-payments-decision", "/desk/payments")
        await tab.press("main button[value=approve]")
        await tab.look("desk-payments-approved")
        await paying.work_timers()
        await _look(tab, "desk-payments-refused", "/desk/payments")


@LANGUAGES
async def test_pages_of_the_card_desk(paying: PayingOffice, chromium: Browser, lang: str) -> None:
    """Empty and with a case: scanning, batches with their files, the carrier's report, visits."""
    await paying.granted()
    office = paying.office
    paid = {"amount_yen": "56000", "paid_on": "2026-11-20", "reference": "S-1"}
    code = parse_receipt_number((await office.clerk.kept())["receipt_number"]).ascii
    async with _visitors(paying, chromium).tab(lang) as tab:
        page = tab.page
        await _as(tab, paying, "card office")
        await _look(tab, "card-desk-empty", "/desk/card-desk")
        await _look(tab, "card-desk-counter", "/desk/card-desk/counter")
        await tab.press("main form button[type=submit]")
        await tab.look("card-desk-counter-errors")
        await page.fill("#number", code)
        await tab.press("main form button[type=submit]")
        await tab.look("counter")
        await tab.press("main form#step button[type=submit]")
        await tab.look("counter-errors")
        await office.step("card office", "fee", "Record", **paid)
        await _look(tab, "card-desk-scan", "/desk/card-desk/scan")
        await tab.press("main form button[type=submit]")
        await tab.look("card-desk-scan-errors")
        await page.fill("#numbers", f"{code}\nTYOEN99999999")
        await tab.press("main form button[type=submit]")
        await tab.look("card-desk-scanned")
        for kind, row in (
            ("print", f"code,card_number\n{code},AB12345678CD\n"),
            ("mail", f"code,carrier,tracking_number\n{code},letter_pack_plus,1234-5678-9012\n"),
        ):
            await _look(tab, f"card-desk-{kind}", "/desk/card-desk")
            await tab.press(f"main button[value={kind}]")
            await tab.look(f"card-desk-{kind}-batch")
            await tab.press("main form:has(textarea) button >> nth=0")
            await tab.look(f"card-desk-{kind}-errors")
            await page.fill("#file", row)
            await tab.press("main form:has(textarea) button >> nth=0")
            await tab.look(f"card-desk-{kind}-taken")
        await _look(tab, "card-desk-report", "/desk/card-desk/report")
        await tab.press("main form:has(#chosen) button")
        await tab.look("card-desk-report-errors")
        report = b"tracking_number,result\n123456789012,returned\n99,returned\n"
        await page.set_input_files("#chosen", {"name": "report.csv", "mimeType": "text/csv", "buffer": report})
        await tab.press("main form:has(#chosen) button")
        await tab.look("card-desk-reported")
        await _look(tab, "card-desk-visits", "/desk/card-desk/visits")


@LANGUAGES
async def test_pages_of_a_records_files(paying: PayingOffice, chromium: Browser, lang: str) -> None:
    """Holds and erasure by the chief; an application, its files and the viewer as reception has them."""
    office = paying.office
    await office.officer("reception", Role.RECEPTION)
    document_id = await office.submit_file(written("Nothing", "", "Annual income: 4,800,000 yen"))
    retention = f"/desk/retention/{office.clerk.application_id}"
    filed = f"/desk/applications/{office.clerk.application_id}"
    async with _visitors(paying, chromium).tab(lang) as tab:
        page = tab.page
        await _as(tab, paying, "chief")
        await _look(tab, "retention-empty", retention)
        await tab.press("main form:has(#reason) button")
        await tab.look("retention-errors")
        await page.fill("#reason", "審査請求 2026-14")
        await tab.press("main form:has(#reason) button")
        await tab.look("retention-held")
        await page.fill("#request_number", "東入情 第1号")
        await page.fill("#received_on", "2026-11-19")
        await page.check("#confirmed")
        await tab.press("main form:has(#request_number) button")
        await tab.look("retention-proof")
        await _look(tab, "retention-erased", retention)
        await _as(tab, paying, "reception")
        await _look(tab, "desk-reception", "/desk")
        await _look(tab, "received-search", "/desk/applications")
        await _look(tab, "received-errors", "/desk/applications?number=26")
        await _look(tab, "received-unknown", "/desk/applications?number=東オンＥＮ26999999")
        await _look(tab, "received-application", filed)
        await _look(tab, "received-file", f"{filed}/files/{document_id}/pages?q=income")
        await page.locator("#page-1 img").evaluate("image => image.decode()")
        assert await page.locator(".viewer rect").count() == 1
