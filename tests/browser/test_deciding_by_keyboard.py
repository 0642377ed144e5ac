"""An application from the queue to the delivered card with the keyboard alone: every stop is seen, has its ring, and
comes in the order of the page. A press that is refused leads to what was wrong, and from there to the field."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from services.review.cases.store import Case
from shared.auth import Role
from shared.clock import ManualClock
from shared.reference.receipt_numbers import parse_receipt_number
from tests.browser.keyboard import Keyboard
from tests.browser.looking import Tab, Visitors
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases
from tests.services.registration.site import PASSWORD

OFFICERS = {"examiner": Role.EXAMINER, "chief": Role.CHIEF_EXAMINER, "cards": Role.CARD_OFFICE}
DO = "form#step .actions button"
CARD_DESK = "/desk/card-desk"


@dataclass
class Officer:
    """An officer at a keyboard."""

    office: Office
    tab: Tab
    keys: Keyboard

    async def sign_in_again(self, name: str) -> None:
        """Sign in with both steps, in a browser that forgot its session."""
        login_id, app = self.office.apps[name]
        await self.tab.page.context.clear_cookies()
        await self.tab.page.goto("/sign-in")
        await self.keys.write("#login_id", login_id)
        await self.keys.write("#password", PASSWORD)
        await self.keys.press("main form:has(#login_id) button[type=submit]:not(.plain)")
        await self.keys.write("#code", app.next())
        await self.keys.press("main form:has(#code) button")

    async def open(self, *links: str) -> None:
        """Go from the start page of the desk through links of pages."""
        await self.tab.page.goto("/desk")
        for link in links:
            await self.press(f"main a[href='{link}']")

    async def press(self, selector: str) -> None:
        """Press something of the content of a page that was just opened."""
        await self.keys.skip()
        await self.keys.press(selector)

    async def done(self, step: str) -> None:
        """Press the button of a step; the page of the case says that it is done."""
        await self.keys.press(DO)
        assert f"done={step}" in self.tab.page.url, await self.tab.page.inner_text("main")

    async def refused(self, field: str) -> None:
        """Press the button of a step; the page leads to the mistake, and its link to the field."""
        await self.keys.press(DO)
        await self.tab.page.wait_for_selector("#problem:focus")
        await self.keys.follow(f"#problem a[href='#{field}']")
        await self.tab.page.wait_for_selector(f"[id='{field}']:focus")


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 0, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store, {"recall_minutes": 30}) as office:
            yield office


async def test_a_case_from_the_queue_to_the_delivery_with_the_keyboard_alone(office: Office, chromium: Browser) -> None:
    clerk = office.clerk
    async with AsyncExitStack() as stack:
        site: Any = clerk.front.site
        visitors = Visitors(chromium, clerk.front.url, site, clerk.document, clerk.application, clerk.front.clock)
        officers = {}
        for name, role in OFFICERS.items():
            secret = (await office.officer(name, role)).cookie
            assert secret is not None
            tab = await stack.enter_async_context(visitors.tab("en"))
            await tab.page.context.add_cookies([{"name": "zairyu_session", "value": secret, "url": clerk.front.url}])
            officers[name] = Officer(office, tab, Keyboard(tab))
        await officers["examiner"].sign_in_again("examiner")
        await _allocate(officers["chief"])
        await _examine(officers["examiner"])
        await _decide(officers["chief"])
        await office.pass_time(timedelta(minutes=20))
        await officers["cards"].open()
        await office.pass_time(timedelta(minutes=20))
        assert await office.state() == "AWAITING_FEE"
        await _make_and_mail(officers["cards"])
        assert await office.state() == "DELIVERED"


async def _allocate(chief: Officer) -> None:
    """From the queue, in which j and Enter open the case, to its examiner."""
    office, page, keys = chief.office, chief.tab.page, chief.keys
    await chief.open("/desk/cases")
    await page.keyboard.press("j")
    await keys.enter()
    assert f"/desk/cases/{office.case_id}" in page.url
    await chief.press(f"main a[href='/desk/cases/{office.case_id}/assignment']")
    await chief.refused("examiner_id")
    await keys.choose_from("#examiner_id", office.ids["examiner"])
    await keys.write("#note", "在留期限が近い")
    await chief.done("assignment")


async def _examine(examiner: Officer) -> None:
    """An answer with its evidence, and the proposal; once past the menus that all pages have."""
    path, page, keys = f"/desk/cases/{examiner.office.case_id}", examiner.tab.page, examiner.keys
    await examiner.open()
    await keys.press("main a[href*='mine=true']")
    await examiner.press(f"main a[href='{path}']")
    await examiner.press(f"main a[href='{path}/findings']")
    await keys.skip()
    question = (await page.locator("fieldset[id^=finding-]").first.get_attribute("id")) or ""
    code = question.removeprefix("finding-")
    await keys.choose(question, "yes")
    await keys.tick(f"details:has([name='field-{code}']) > summary")
    field = f"[id='field-{code}']"
    await keys.choose_from(field, await page.locator(field).evaluate("(one) => one.options[1].value"))
    await keys.write("#note", "関係書類と一致")
    await examiner.done("findings")
    await examiner.press(f"main a[href='{path}/proposal']")
    await keys.skip()
    await keys.choose("outcome", "grant")
    await keys.choose_from("#period_of_stay", "Y1")
    await examiner.done("proposal")


async def _decide(chief: Officer) -> None:
    """The chief opens what was proposed, and decides on the page of several at once."""
    case_id, page, keys = chief.office.case_id, chief.tab.page, chief.keys
    await chief.open("/desk/proposals", f"/desk/cases/{case_id}")
    await chief.open("/desk/proposals")
    await keys.skip()
    await keys.tick(f"#chosen-{case_id}")
    await keys.press(f"form:has(#chosen-{case_id}) .actions button")
    await page.wait_for_selector("main .tag.good")


async def _make_and_mail(cards: Officer) -> None:
    """The slip, the scanned envelope, the batch for the printer, the batch for the carrier, and its report."""
    office, page, keys = cards.office, cards.tab.page, cards.keys
    path = f"/desk/cases/{office.case_id}"
    async with office.review.db.read() as session:
        case = await session.get(Case, UUID(office.case_id))
    number = parse_receipt_number(case.receipt_number).ascii
    await cards.open("/desk/cases?wait=fee", path, f"{path}/fee")
    await keys.skip()
    for name, typed in {"amount_yen": str(case.fee_yen), "paid_on": "2026-11-20", "reference": "S-1"}.items():
        await keys.write(f"#{name}", typed)
    await cards.done("fee")
    await cards.open(CARD_DESK, f"{CARD_DESK}/scan")
    await keys.skip()
    await keys.write("#numbers", number)
    await keys.press("main form:has(#numbers) button")
    assert "1 recorded" in await page.inner_text("main [role=status]")
    await cards.open(CARD_DESK)
    await cards.press("main form button[value=print]")
    await keys.skip()
    await keys.attach("#chosen", "cards.csv", f"code,card_number\n{number},AB12345678CD\n".encode(), "text/csv")
    await page.wait_for_selector("main [role=status]")
    assert "1 recorded" in await page.inner_text("main [role=status]")
    await cards.open(CARD_DESK)
    await cards.press("main form button[value=mail]")
    await keys.skip()
    await keys.write("#file", f"code,carrier,tracking_number\n{number},letter_pack_plus,123456789012")
    await keys.press("main form:has(#file) button")
    assert "1 recorded" in await page.inner_text("main [role=status]")
    await cards.open(CARD_DESK, f"{CARD_DESK}/report")
    await keys.skip()
    await keys.write("#file", "tracking_number,result\n123456789012,delivered")
    await keys.press("main form:has(#file) button")
    assert "1 recorded" in await page.inner_text("main [role=status]")
