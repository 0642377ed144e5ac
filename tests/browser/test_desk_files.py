"""A file beside the form in Chromium: looked at in both widths, turned page by page, and made larger by keyboard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from tests.browser.looking import Visitors
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases
from tests.services.document.test_previews import written


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            await made.officer("examiner", Role.EXAMINER)
            yield made


async def test_a_file_is_looked_at_beside_the_form(office: Office, chromium: Browser) -> None:
    document_id = await office.submit_file(written("Nothing", "", "Annual income: 4,800,000 yen"))
    site: Any = office.clerk.front.site
    front = office.clerk.front
    visitors = Visitors(chromium, front.url, site, office.clerk.document, office.clerk.application, front.clock)
    secret = office.browsers["examiner"].cookie
    assert secret is not None
    async with visitors.tab("ja") as tab:
        page = tab.page
        await page.context.add_cookies([{"name": "zairyu_session", "value": secret, "url": front.url}])
        await page.goto(f"/desk/cases/{office.case_id}/files/{document_id}/pages?q=income")
        await tab.look("desk-file")
        picture = page.locator("#page-1 img")
        space, narrow = page.locator(".viewer .scrolled"), await picture.evaluate("one => one.clientWidth")
        await page.focus("#zoom-1")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        assert await page.is_checked("#zoom-3")
        assert await picture.evaluate("one => one.clientWidth") >= 2 * narrow - 4
        assert await space.evaluate("one => one.scrollWidth > one.clientWidth")
        await page.click("#page-1 a[href='#page-2']")
        await page.click("#page-2 a[href='#page-3']")
        await page.locator("#page-3 img").evaluate("image => image.decode()")
        assert await page.evaluate("location.hash") == "#page-3"
        assert await space.evaluate("one => one.scrollTop") > 0
        await tab.look("desk-file-large")
