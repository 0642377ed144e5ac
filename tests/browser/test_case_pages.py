"""Pages of a filed application in Chromium, in both languages and at two widths, state by state."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.events.fields import RequestedItem
from shared.events.review import (
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ReviewCompleted,
    ReviewStarted,
)
from shared.ids import new_id
from tests.browser.filing import send
from tests.browser.looking import Tab, Visitors
from tests.gateway.filed import Clerk, clerk_site
from tests.infra.databases import Databases
from tests.services.document import files

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])
ITEMS = (RequestedItem(code="RES_TAX"), RequestedItem(code="CAREER"))


@pytest.fixture
async def clerk(databases: Databases, object_store: S3Server) -> AsyncIterator[Clerk]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with clerk_site(new, clock, object_store) as made:
            yield made


def _visitors(clerk: Clerk, chromium: Browser) -> Visitors:
    site: Any = clerk.front.site
    return Visitors(chromium, clerk.front.url, site, clerk.document, clerk.application, clerk.front.clock)


async def _look(tab: Tab, clerk: Clerk, name: str, page: str = "") -> None:
    await tab.page.goto(f"{clerk.path}{page}")
    await tab.look(name)


@LANGUAGES
async def test_an_application_that_waits_for_its_decision(clerk: Clerk, chromium: Browser, lang: str) -> None:
    visitors = _visitors(clerk, chromium)
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, clerk.login_id)
        await _look(tab, clerk, "case-received")
        await _look(tab, clerk, "case-withdrawal", "/withdrawal")
        await tab.press("main form button[type=submit]")
        await tab.look("case-withdrawal-errors")
        assert await tab.page.evaluate("document.activeElement.id") == "problem"
        await _look(tab, clerk, "case-correction", "/correction")
        await tab.press("main ul.links a[href*='/correction/'] >> nth=0")
        await tab.look("case-correction-topic")
        await tab.page.fill("#occupation", "経理")
        await tab.page.fill("#reason", "入力を誤ったため")
        await tab.press("main form#correction button[value=check]")
        await tab.look("case-correction-confirm")
        await tab.press("main button[value=go]")
        await tab.look("case-corrected")
        await _look(tab, clerk, "case-correction-history", "/correction")
        await _correct_files(tab, clerk)
        await _change_contact_and_address(tab, clerk)
        await clerk.review(ReviewStarted)
        asked = {"request_id": new_id(), "due_on": date(2026, 12, 4), "items": ITEMS}
        await clerk.review(AdditionalDocumentsRequested, **asked)
        await _look(tab, clerk, "case-requested")
        await _look(tab, clerk, "case-requested-documents", "/requested-documents")
        await tab.press("main button[value=submit]")
        await tab.look("case-requested-documents-errors")
        await tab.page.click("details:has(#why-1) > summary")
        await tab.page.fill("#why-1", "前の勤務先が廃業したため")
        await tab.press("main button[value='why:1']")
        await send(tab, "item-0", "tax.pdf", files.pdf(2), "li:has(#item-0-title) .file")
        await clerk.exchange()
        await tab.look("case-requested-documents-saved")
        await tab.press("main button[value=submit]")
        await tab.look("case-requested-documents-submitted")
        assert (await clerk.kept())["open_request_id"] is None
        asked["request_id"] = new_id()
        await clerk.review(AdditionalDocumentsRequested, **asked)
        await clerk.review(AdditionalDocumentsOverdue, **{name: asked[name] for name in ("request_id", "due_on")})


async def _correct_files(tab: Tab, clerk: Clerk) -> None:
    """Another photo and one more document, looked at side by side; nothing changes before the last button."""
    page, before = tab.page, await clerk.kept()
    await _look(tab, clerk, "case-correction-files", "/correction/files")
    await tab.press("main form#correction button[value=check]")
    await tab.look("case-correction-files-errors")
    await send(tab, "PHOTO", "photo.jpg", files.jpeg(), "#photo-new")
    await page.check("#holds-RES_TAX")
    await send(tab, "SEVERAL", "tax.pdf", files.pdf(2), "main .cards .file")
    await clerk.exchange()
    await tab.look("case-correction-files-sent")
    await page.check("input[name^=removed-] >> nth=0")
    await page.fill("#reason", "撮り直したため")
    await tab.press("main form#correction button[value=check]")
    await tab.look("case-correction-files-confirm")
    await tab.press("main button[value=edit]")
    assert await page.is_checked("input[name^=removed-] >> nth=0")
    await page.uncheck("input[name^=removed-] >> nth=0")
    assert (await clerk.kept())["photo_id"] == before["photo_id"]
    await tab.press("main form#correction button[value=check]")
    await tab.press("main button[value=go]")
    after = await clerk.kept()
    assert after["photo_id"] != before["photo_id"]
    assert after["documents"][:-1] == before["documents"]
    await _look(tab, clerk, "case-correction-files-history", "/correction")


async def _change_contact_and_address(tab: Tab, clerk: Clerk) -> None:
    await _look(tab, clerk, "case-contact", "/contact")
    await tab.press("main button[value=address]")
    await tab.look("case-contact-errors")
    await tab.page.fill("#email", "new@example.com")
    await tab.press("main button[value=contact]")
    await tab.look("case-contact-changed")
    await tab.page.goto(f"{clerk.path}/contact")
    await tab.page.fill("#address", "大阪府大阪市北区梅田1-1")
    await tab.page.fill("#lives_there_from", "2026-12-01")
    await tab.press("main button[value=address]")
    await tab.look("case-address-changed")
    kept = await clerk.kept("/address")
    assert kept["items"][-1]["office"] == "OSA"


@LANGUAGES
async def test_an_application_that_is_withdrawn(clerk: Clerk, chromium: Browser, lang: str) -> None:
    """Only after the reason and the confirmation; what was typed stays until then."""
    visitors = _visitors(clerk, chromium)
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, clerk.login_id)
        await tab.page.goto(f"{clerk.path}/withdrawal")
        await tab.page.fill("#reason", "帰国するため")
        await tab.press("main form button[type=submit]")
        assert await tab.page.input_value("#reason") == "帰国するため"
        assert (await clerk.kept())["status"] == "received"
        await tab.page.check("#confirmed")
        await tab.press("main form button[type=submit]")
        await tab.look("case-withdrawn")
        assert (await clerk.kept())["status"] == "withdrawn"
        await tab.page.goto("/applications")
        await tab.look("applications-withdrawn")


@LANGUAGES
async def test_an_application_that_is_granted(clerk: Clerk, chromium: Browser, lang: str) -> None:
    visitors = _visitors(clerk, chromium)
    await clerk.review(ReviewCompleted)
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, clerk.login_id)
        await _look(tab, clerk, "case-granted")
        await _look(tab, clerk, "case-after-grant", "/after-grant")
        await tab.press("main form button[type=submit]")
        await tab.look("case-after-grant-errors")
        await _look(tab, clerk, "case-labels", "/after-grant/labels")
        await tab.page.goto(f"{clerk.path}/after-grant")
        await tab.page.fill("#tracking_number", "1234-5678-9012")
        await tab.page.check("#residence_card_enclosed")
        await tab.press("main form button[type=submit]")
        await tab.look("case-dispatched")
        assert (await clerk.kept())["status"] == "awaiting_fee"


@LANGUAGES
async def test_an_application_that_is_refused(clerk: Clerk, chromium: Browser, lang: str) -> None:
    visitors = _visitors(clerk, chromium)
    await clerk.review(ReviewCompleted, outcome="refused", fee_yen=0)
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, clerk.login_id)
        await _look(tab, clerk, "case-refused")
        await _look(tab, clerk, "case-after-refusal", "/after-grant")
