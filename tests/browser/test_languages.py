"""A few pages of each kind in every language beside the official ones: no axe violation, nothing scrolls sideways."""

from services.gateway.texts import OFFERED
from shared.languages import OFFICIAL
from tests.browser.filing import filer
from tests.browser.looking import Visitors


async def test_pages_in_every_language_that_is_offered(visitors: Visitors) -> None:
    """With the menu of languages open, which lies over the page; the official label stands below a translated one."""
    async with visitors.tab("ja") as tab:
        page = tab.page
        await page.goto("/sign-in")
        for tab.lang in (lang for lang in OFFERED if lang not in OFFICIAL):
            await page.goto(f"/sign-in?lang={tab.lang}")
            await page.click("details.languages summary")
            await tab.look("language-menu")
        await page.goto("/sign-in?lang=ja")
        tab.lang = "ja"
        await filer(visitors, tab, "filer.languages")
        await page.goto("/applications/new/forms")
        await page.select_option("#status-EXTEND", "EXTEND:ENG_HUM_INT:")
        await tab.press("form:has(#status-EXTEND) button")
        draft = page.url.partition("?")[0]
        for tab.lang in (lang for lang in OFFERED if lang not in OFFICIAL):
            for name, path in (
                ("start", "/"),
                ("draft", draft),
                ("topic", f"{draft}/form/person"),
                ("review", f"{draft}/review"),
                ("account", "/account"),
            ):
                await page.goto(f"{path}?lang={tab.lang}")
                await tab.look(f"language-{name}")
            await page.goto(f"{draft}/form/person")
            if tab.lang not in ("zh-Hans", "zh-Hant"):
                assert await page.locator("label .official[lang=ja], legend .official[lang=ja]").count() > 5
