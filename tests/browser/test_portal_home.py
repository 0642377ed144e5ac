"""The first page of applicants and the list of their applications, empty and not, in Chromium."""

import pytest

from tests.browser.looking import Visitors


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_home_and_the_list(visitors: Visitors, lang: str) -> None:
    """Nothing yet, and a draft that waits; a list without a match."""
    officer = await visitors.site.officer(login_id=f"approver.home.{lang}")
    person = await visitors.site.person(officer, applicant={"email": f"home.{lang}@example.co.jp"})
    await visitors.exchange()
    async with visitors.tab(lang) as tab:
        page = tab.page
        await visitors.sign_in(tab, person.login_id)
        await tab.look("home-empty")
        await page.goto("/applications")
        await tab.look("applications-empty")
        await page.goto("/applications/new/forms")
        await page.select_option("#status-EXTEND", "EXTEND:ENG_HUM_INT:")
        await tab.press("form:has(#status-EXTEND) button")
        for name, path in (
            ("home", "/home"),
            ("applications", "/applications"),
            ("applications-none", "/applications?q=nobody"),
            ("applications-stage", "/applications?group=over"),
        ):
            await page.goto(path)
            await tab.look(name)
        assert await page.locator("nav a[aria-current=page]").count() >= 1
