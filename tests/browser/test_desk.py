"""The pages of officers in Chromium: a case from the queue to the card office, and the queue by keyboard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from tests.browser.looking import Tab, Visitors
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            yield made


async def _as(tab: Tab, office: Office, name: str) -> None:
    """Go on as another officer, who has signed in."""
    secret = office.browsers[name].cookie
    assert secret is not None
    await tab.page.context.add_cookies([{"name": "zairyu_session", "value": secret, "url": office.clerk.front.url}])


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_a_case_from_the_queue_to_the_card_office(office: Office, chromium: Browser, lang: str) -> None:
    """First page, queue, case, steps with mistakes, decision, and a list of the card office."""
    site: Any = office.clerk.front.site
    front = office.clerk.front
    visitors = Visitors(chromium, front.url, site, office.clerk.document, office.clerk.application, front.clock)
    for name, role in (
        ("審査 一子", Role.EXAMINER),
        ("決裁 二郎", Role.CHIEF_EXAMINER),
        ("交付 三子", Role.CARD_OFFICE),
    ):
        await office.officer(name, role)
    for procedure in ("CHANGE", "COE"):
        await office.open_case(procedure=procedure)
    # The page of a case with a correction, points to look at, and earlier applications.
    await office.clerk.correct({"passport_expiry": "2026-11-19", "job": {"detail": "客室の清掃と通訳"}})
    await office.clerk.filed_before("東オンＥＮ26000090", "TYO")
    await office.clerk.filed_before("阪オンＥＮ26000091", "OSA")
    await office.exchange()
    case = f"/desk/cases/{office.case_id}"
    async with visitors.tab(lang) as tab:
        page = tab.page
        await _as(tab, office, "審査 一子")
        await page.goto("/desk")
        await tab.look("desk")
        await page.goto("/desk/cases")
        await tab.look("desk-queue")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url.endswith(case)
        await tab.look("desk-case")
        for step in ("start", "findings"):
            await page.goto(f"{case}/{step}")
            await tab.look(f"desk-{step}")
            await tab.press("form#step .actions button")
        for step in ("document-request", "interview", "proposal"):
            await page.goto(f"{case}/{step}")
            await tab.look(f"desk-{step}")
        await tab.press("form#step .actions button")
        assert await page.evaluate("document.activeElement.id") == "problem"
        await tab.look("desk-proposal-errors")
        await page.check("#outcome-grant")
        await page.select_option("#period_of_stay", "Y3")
        await tab.press("form#step .actions button")
        await tab.look("desk-case-proposed")
        await _as(tab, office, "決裁 二郎")
        await page.goto(f"{case}/decision")
        await tab.look("desk-decision")
        await page.check("#approve-yes")
        await tab.press("form#step .actions button")
        await _as(tab, office, "交付 三子")
        await page.goto("/desk/cases?wait=fee")
        await tab.look("desk-waiting-fee")
        for step in ("fee", "materials"):
            await page.goto(f"{case}/{step}")
            await tab.look(f"desk-{step}")
        assert await office.state() == "AWAITING_FEE"


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_the_next_case_by_keyboard_and_the_pages_of_allocation(
    office: Office, chromium: Browser, lang: str
) -> None:
    """Next case with Enter, what an examiner does with it, the chief's pages, and those of the examiners."""
    site: Any = office.clerk.front.site
    front = office.clerk.front
    visitors = Visitors(chromium, front.url, site, office.clerk.document, office.clerk.application, front.clock)
    await office.officer("審査 一子", Role.EXAMINER)
    await office.officer("決裁 二郎", Role.CHIEF_EXAMINER)
    urgent = await office.open_case(special_period_end="2026-11-24T14:59:59Z", stay_expiry="2026-09-24")
    case = f"/desk/cases/{urgent}"
    async with visitors.tab(lang) as tab:
        page = tab.page
        await _as(tab, office, "決裁 二郎")
        for step in ("assignment", "transfer", "flag"):
            await page.goto(f"{case}/{step}")
            await tab.look(f"desk-{step}")
        await tab.press("form#step .actions button")
        await tab.look("desk-flag-errors")
        await _as(tab, office, "審査 一子")
        await page.goto("/desk/cases")
        await page.focus("form[action='/desk/next'] button")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url.split("?")[0].endswith(case)
        for step in ("hand-over", "return"):
            await page.goto(f"{case}/{step}")
            await tab.look(f"desk-{step}")
        await page.goto("/desk/cases?concern=special_7")
        await tab.look("desk-queue-deadline")
        await page.goto("/desk/undelivered")
        await tab.look("desk-undelivered-none")
        await office.misses_a_message(urgent)
        await page.goto(case)
        await tab.look("desk-case-undelivered")
        await page.goto("/desk/undelivered")
        await tab.look("desk-undelivered")
        await page.locator("ul.cards p a").click()
        await tab.press("main form button")
        await tab.look("desk-undelivered-errors")
        await page.check("#means-telephone")
        await tab.press("main form button")
        await tab.look("desk-undelivered-done")
        await _as(tab, office, "決裁 二郎")
        one = f"/desk/examiners/{office.ids['審査 一子']}"
        for path, name in (
            ("/desk", "desk-deadlines"),
            ("/desk/examiners", "desk-examiners"),
            (one, "desk-examiner"),
            (f"{one}/skill", "desk-skill"),
            (f"{one}/absence", "desk-absence"),
            (f"{one}/move", "desk-move"),
        ):
            await page.goto(path)
            await tab.look(name)
