"""Messages at the desk and their choices, in Chromium, at both widths; a mail in its frame."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from deploy.local.smtp import Mailbox
from shared.events.application import AdditionalDocumentsSubmitted
from tests.browser.looking import Visitors
from tests.browser.test_bureau import _as
from tests.gateway.informed import informed_site
from tests.infra.databases import TestDatabase


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_an_officers_inbox_and_the_log_of_messages(
    service_database: Callable[[str], TestDatabase], mailbox: Mailbox, chromium: Browser, lang: str
) -> None:
    async with informed_site(service_database, mailbox) as office:
        await office.file()
        await office.happens(AdditionalDocumentsSubmitted)
        site: Any = office.front.site
        nothing: Any = None
        visitors = Visitors(chromium, office.front.url, site, nothing, nothing, office.front.clock)
        async with visitors.tab(lang) as tab:
            page = tab.page
            await _as(tab, office, "examiner")
            await page.goto("/desk/inbox")
            await tab.look("desk-inbox")
            await page.goto("/account/messages")
            await tab.look("officer-message-choices")
            await _as(tab, office, "operator")
            await page.goto("/desk/messages")
            await tab.look("message-log-begin")
            await page.goto("/desk/messages?all=1")
            await tab.look("message-log")
            await page.locator("tbody th a").first.click()
            await tab.look("message")
            await page.goto("/desk/translations")
            await tab.look("desk-translations")
            await page.goto("/desk/messages/templates")
            await tab.look("message-templates")
            await page.goto("/desk/messages/templates/documents_requested?first=vi")
            frame = page.frame_locator("iframe.narrow")
            await expect(frame.locator("section").first).to_be_visible()
            assert await frame.locator("html").evaluate("one => one.scrollWidth <= one.clientWidth"), "fits a telephone"
            await tab.look("message-template")
