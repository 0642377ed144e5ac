"""Pages of a filed application in Chromium, in both languages and at two widths, state by state."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio
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
from tests.browser.looking import Tab, Visitors
from tests.gateway.filed import Clerk, clerk_site
from tests.infra.databases import Databases

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])
ITEMS = (RequestedItem(code="RES_TAX"), RequestedItem(code="CAREER"))


@pytest_asyncio.fixture(loop_scope="session")
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
        await _look(tab, clerk, "case-contact", "/contact")
        await tab.press("main button[value=address]")
        await tab.look("case-contact-errors")
        await clerk.review(ReviewStarted)
        asked = {"request_id": new_id(), "due_on": date(2026, 12, 4), "items": ITEMS}
        await clerk.review(AdditionalDocumentsRequested, **asked)
        await _look(tab, clerk, "case-requested")
        await _look(tab, clerk, "case-requested-documents", "/requested-documents")
        await tab.press("main button[value=submit]")
        await tab.look("case-requested-documents-errors")
        await tab.page.click("details summary >> nth=-1")
        await tab.page.fill("#why-1", "前の勤務先が廃業したため")
        await tab.press("main button[value='why:1']")
        await tab.look("case-requested-documents-saved")
        await clerk.review(AdditionalDocumentsOverdue, **{name: asked[name] for name in ("request_id", "due_on")})


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


@LANGUAGES
async def test_an_application_that_is_refused(clerk: Clerk, chromium: Browser, lang: str) -> None:
    visitors = _visitors(clerk, chromium)
    await clerk.review(ReviewCompleted, outcome="refused", fee_yen=0)
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, clerk.login_id)
        await _look(tab, clerk, "case-refused")
        await _look(tab, clerk, "case-after-refusal", "/after-grant")
