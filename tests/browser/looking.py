"""Visitors of the pages in a real browser, and the checks that are made on every page."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page

from shared.clock import ManualClock
from shared.events.registration_drafts import UsageRegistrationDraftLinkSent
from tests.browser.pictures import keep, reduced
from tests.gateway.portal import exchange_events
from tests.services.registration.identity import IdentitySite
from tests.services.registration.site import PASSWORD
from tests.support.keys import unsealed
from tests.support.service import RunningService

DESKTOP, PHONE = 1280, 360
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RUN_AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
  (found) => found.id + ": " + found.nodes.map((node) => node.target.join(" ")).join(", "))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links of lists and all buttons; a link in a sentence is as high as its line (WCAG 2.2, 2.5.8).
_TOO_SMALL = """() => [...document.querySelectorAll("header a, footer nav a, .links a, .row a, button, summary")]
  .filter((one) => one.checkVisibility() && !one.classList.contains("unseen"))
  .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.textContent.trim())"""
_SCREENSHOTS = os.environ.get("ZAIRYU_TEST_SCREENSHOTS")
# `make screens` keeps the main pages alone, as small pictures for docs/screens.
_ALL = os.environ.get("ZAIRYU_TEST_SCREENS") != "main"
MAIN_PAGES = frozenset(
    {
        "start",
        "sign-in-errors",
        "register",
        "draft-documents",
        "draft-receipt",
        "account",
        "security",
        "not-found",
        "home",
        "applications",
        "new-application-result",
        "draft-overview",
        "topic-person",
        "topic-errors",
        "photo-sent",
        "documents-sent",
        "review",
        "application-receipt",
        "verify-pending",
        "case-requested",
        "case-correction-confirm",
        "case-after-grant",
        "desk",
        "desk-queue",
        "desk-case",
        "desk-decision",
    }
)


@dataclass
class Tab:
    """A page in one language, and everything that was wrong on it so far."""

    page: Page
    lang: str
    scripts: bool = True
    wrong: list[str] = field(default_factory=list)

    async def press(self, selector: str) -> None:
        """Click what leads to another page, and wait for that page."""
        async with self.page.expect_navigation():
            await self.page.click(selector)

    async def look(self, name: str) -> None:
        """Look at the page as it is now, at both widths. Japanese is checked by axe at the width of a computer, English
        at that of a phone."""
        for width in (DESKTOP, PHONE):
            await self.page.set_viewport_size({"width": width, "height": 900})
            too_wide = await self.page.evaluate(_TOO_WIDE)
            if too_wide > 0:
                self._report(name, width, f"scrolls sideways by {too_wide} px")
            for text in await self.page.evaluate(_TOO_SMALL):
                self._report(name, width, f"less than 24 px high: {text}")
            # axe-core is a script itself.
            if self.scripts and (width == DESKTOP) == (self.lang == "ja"):
                await self.page.evaluate(_AXE)
                for violation in await self.page.evaluate(_RUN_AXE):
                    self._report(name, width, f"axe: {violation}")
            if _SCREENSHOTS and (_ALL or name in MAIN_PAGES):
                await self._keep(Path(_SCREENSHOTS) / f"{name}-{self.lang}-{width}.png", width)
        if await self.page.get_attribute("html", "lang") != self.lang:
            self._report(name, 0, "another language")

    async def _keep(self, path: Path, width: int) -> None:
        """Keep a picture of the page: as it is, or small for the documentation."""
        content = await self.page.screenshot(full_page=True, animations="disabled", caret="hide")
        if _ALL:
            path.write_bytes(content)
        else:
            keep(reduced(Image.open(BytesIO(content)), 0.6 if width == DESKTOP else 0.8), path, 32)

    def _report(self, name: str, width: int, what: str) -> None:
        self.wrong.append(f"{name} ({self.lang}, {width}): {what}")


@dataclass
class Visitors:
    """People at browsers before one site."""

    chromium: Browser
    url: str
    site: IdentitySite
    document: RunningService
    application: RunningService
    clock: ManualClock
    notification: RunningService | None = None

    @asynccontextmanager
    async def tab(self, lang: str, **options: Any) -> AsyncIterator[Tab]:
        """A browser of a person who has been nowhere. Fails for what pages wrote to the console, and for requests to
        anywhere else."""
        context = await self.chromium.new_context(
            base_url=self.url, locale={"ja": "ja-JP", "en": "en-GB"}.get(lang, lang), **options
        )
        context.set_default_timeout(15_000)
        tab = Tab(await context.new_page(), lang, options.get("java_script_enabled", True))
        self._listen(context, tab)
        try:
            yield tab
        finally:
            await context.close()
        assert not tab.wrong, "\n".join(tab.wrong)

    def _listen(self, context: BrowserContext, tab: Tab) -> None:
        def console(message: Any) -> None:
            # A form with mistakes is a page with status 422, and reported as an error. Other sites' pages are not ours.
            place, is_mistake = message.location.get("url", ""), "status of 422" in message.text
            if message.type == "error" and place.startswith(self.url) and place != tab.page.url and not is_mistake:
                tab.wrong.append(f"console of {tab.page.url}: {message.text}")

        context.on("console", console)
        context.on("weberror", lambda error: tab.wrong.append(f"script: {error.error}"))
        context.on("request", lambda request: self._asked(request.url, tab))

    @staticmethod
    def _asked(url: str, tab: Tab) -> None:
        if urlsplit(url).hostname != "127.0.0.1":
            tab.wrong.append(f"asked {url}")

    async def exchange(self) -> None:
        """Deliver the events of each of the services to the others."""
        others = (self.notification,) if self.notification else ()
        await exchange_events(self.site.service, self.application, self.document, *others)

    async def sign_in(self, tab: Tab, login_id: str, password: str = PASSWORD) -> None:
        """By the page, as everybody does."""
        await tab.page.goto("/sign-in")
        await tab.page.fill("#login_id", login_id)
        await tab.page.fill("#password", password)
        await tab.press("main form:has(#login_id) button")
        await tab.page.wait_for_url("**/home**")

    async def draft(self, tab: Tab, email: str) -> str:
        """A draft, begun and opened by its link; the path of its page."""
        await tab.page.goto("/usage-registration?role=org_staff")
        await tab.page.fill("#email", email)
        await tab.press("main form button")
        return await self.open_draft(tab)

    async def open_draft(self, tab: Tab) -> str:
        """Follow the last link that was mailed."""
        await self.site.work_timers()
        sent = (await self.site.events(UsageRegistrationDraftLinkSent))[-1]
        await tab.page.goto(urlsplit(unsealed(sent.sealed_link)).path)
        return urlsplit(tab.page.url).path
