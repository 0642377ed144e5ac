"""Parts of tests of bulk filing in Chromium: a hand whose clicks are counted, the wait for work, the ZIP of papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import FilePayload

from tests.browser.looking import Tab, Visitors
from tests.gateway.portal import work_on_archives
from tests.services.application.sheet import work_on_imports
from tests.services.document import files
from tests.services.document.test_archives import zipped


@dataclass
class Hand:
    """The hand of a person, whose clicks and choices are counted."""

    tab: Tab
    clicks: int = 0

    async def press(self, selector: str) -> None:
        self.clicks += 1
        await self.tab.press(selector)

    async def tick(self, selector: str) -> None:
        self.clicks += 1
        await self.tab.page.check(selector)

    async def choose(self, selector: str, value: str) -> None:
        self.clicks += 1
        await self.tab.page.select_option(selector, value)


async def worked(visitors: Visitors, tab: Tab) -> None:
    """Let the work be done that the page waits for, and come to its outcome."""
    await tab.page.wait_for_selector("[data-events]")
    await work_on_imports(visitors.application)
    await tab.page.wait_for_selector(".tabs")


async def attach_papers(visitors: Visitors, hand: Hand, keys: Sequence[str], name: str) -> None:
    """One ZIP with the photo and the documents of every row; its pages are looked at under `name`."""
    page, photo, proof = hand.tab.page, files.jpeg(), files.pdf(3)
    content = {f"{key}_PHOTO.jpg": photo for key in keys} | {f"{key}_CAT_PROOF.pdf": proof for key in keys}
    papers = FilePayload(name="papers.zip", mimeType="application/zip", buffer=zipped(content))
    hand.clicks += 2
    await page.set_input_files("#archive", papers)
    await page.click("form:has(#archive) button")
    await page.wait_for_url("**/files/**")
    await hand.tab.look(f"{name}-papers-checking")
    await work_on_archives(visitors.document)
    await visitors.exchange()
    # The page looks again by itself.
    await page.wait_for_selector("main form .actions button")
    await hand.tab.look(f"{name}-papers")
    await hand.press("main .actions button")
