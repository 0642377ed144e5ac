"""The board in Chromium, at both widths: an operator finds what is wrong, and has it replayed."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.looking import Visitors
from tests.browser.test_bureau import _as
from tests.gateway.board import operators
from tests.infra.databases import TestDatabase


async def test_a_poisoned_event_from_the_board_to_its_end(
    service_database: Callable[[str], TestDatabase], chromium: Browser
) -> None:
    async with operators(service_database) as site:
        site.release(correct=False)
        await site.poison(waiting=2, body={"procedure": ["x"]})
        await site.poison()
        nothing: Any = None
        visitors = Visitors(chromium, site.front.url, nothing, nothing, nothing, site.front.clock)
        async with visitors.tab("en") as tab:
            page = tab.page
            await _as(tab, site, "operator")
            await page.goto("/desk")
            await page.get_by_role("link", name="Board").first.click()
            await tab.look("board")
            await page.locator("tbody th a[href='/desk/board/review']").first.click()
            await tab.look("board-service")
            await page.goto("/desk/board/review/letters")
            await tab.look("board-letters")
            await page.locator("#letters + table tbody th a").first.click()
            await expect(page.get_by_text("list_type")).to_be_hidden()
            await tab.look("board-letter")
            await page.goto("/desk/board/review/letters")
            site.release(correct=True)
            await page.get_by_role("link", name="TaxColumnMissing").click()
            await page.get_by_label("Replay").check()
            await page.get_by_label("Reason").fill("release 1.4.2 is deployed")
            await tab.look("board-order")
            await page.get_by_role("button", name="Give the order").click()
            await site.box.carry_out()
            await page.get_by_role("link", name="Refresh").click()
            await expect(page.get_by_text("1 done, 0 failed again, of 1")).to_be_visible()
            await expect(page.get_by_role("link", name="TaxColumnMissing")).to_have_count(0)
