"""The desk's pages that show no case, in Chromium: approval desk, officers, journal, and what was begun."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from shared.auth import Role
from shared.clock import ManualClock
from tests.browser.looking import Tab, Visitors
from tests.gateway.approval import Bureau
from tests.gateway.identity import identity
from tests.infra.databases import TestDatabase


@pytest.fixture
async def bureau(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Bureau]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with identity(service_database("registration"), clock) as front:
        made = Bureau(front)
        for name, role in (
            ("承認 一子", Role.USER_APPROVAL),
            ("管理 二郎", Role.ADMINISTRATOR),
            ("監査 三子", Role.AUDITOR),
        ):
            await made.officer(name, role)
        yield made


async def _as(tab: Tab, bureau: Bureau, name: str) -> None:
    """Go on as another officer, who has signed in."""
    secret = bureau.browsers[name].cookie
    assert secret is not None
    await tab.page.context.add_cookies([{"name": "zairyu_session", "value": secret, "url": bureau.front.url}])


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_a_registration_officers_and_the_journal(bureau: Bureau, chromium: Browser, lang: str) -> None:
    """Each page at both widths; a return by keyboard, whose text is there again after the page was left."""
    site: Any = bureau.front.site
    nothing: Any = None
    visitors = Visitors(chromium, bureau.front.url, site, nothing, nothing, bureau.front.clock)
    record_id, _ = await bureau.submitted()
    path = f"/desk/registrations/{record_id}"
    async with visitors.tab(lang) as tab:
        page = tab.page
        await _as(tab, bureau, "承認 一子")
        await page.goto("/desk")
        await tab.look("desk-approval")
        await page.goto("/desk/registrations")
        await tab.look("registrations")
        await page.keyboard.press("j")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url.endswith(path)
        await tab.look("registration")
        for step in ("approval", "rejection", "return"):
            await page.goto(f"{path}/{step}")
            await tab.look(f"registration-{step}")
        await page.focus("#code-0")
        await page.keyboard.press("Tab")
        await page.keyboard.type("日付がありません。")
        await expect(page.locator("#saved")).not_to_be_empty()
        await page.goto(path)
        await page.goto(f"{path}/return")
        await expect(page.locator("#message-0")).to_have_value("日付がありません。")
        await tab.look("registration-return-begun")
        await tab.press("form#step .actions button")
        assert await page.evaluate("document.activeElement.id") == "problem"
        await tab.look("registration-return-errors")
        await page.select_option("#code-0", "UA_PLEDGE")
        await tab.press("form#step .actions button")
        await tab.look("registration-returned")
        await _as(tab, bureau, "管理 二郎")
        await page.goto("/desk/officers")
        await tab.look("officers")
        await page.goto("/desk/officers/invite")
        await tab.look("officers-invite")
        officer = f"/desk/officers/{bureau.ids['承認 一子']}"
        await page.goto(officer)
        await tab.look("officer")
        for step in ("roles", "second-factor-reset", "closing"):
            await page.goto(f"{officer}/{step}")
            await tab.look(f"officer-{step}")
        await _as(tab, bureau, "監査 三子")
        await page.goto(f"/desk/journal?service=registration&actor_id={bureau.ids['承認 一子']}")
        await tab.look("journal")
        await page.goto("/desk/journal/verification?service=registration")
        await tab.look("journal-verification")
