"""Webhooks in a real browser: added, tried out, and a message that was not accepted looked at."""

import pytest

from tests.browser.looking import Visitors

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])


@LANGUAGES
async def test_webhooks(visitors: Visitors, lang: str) -> None:
    site = visitors.site
    officer = await site.officer(login_id=f"webhooks.{lang}")
    person = await site.person(officer, applicant={"email": f"webhooks.{lang}@example.co.jp"})
    assert visitors.notification is not None
    async with visitors.tab(lang) as tab:
        page = tab.page
        await visitors.sign_in(tab, person.login_id)
        await page.goto("/account/webhooks/add")
        await tab.press("main form > button")
        await tab.look("webhook-add-errors")
        await page.fill("#name", "人事システム")
        await page.fill("#url", "https://hr.invalid/zairyu")
        await page.check("#types-review\\.completed")
        await tab.press("main form > button")
        await page.wait_for_url("**/secret/shown")
        await tab.look("webhook-secret")
        await tab.press("main form > button")
        await page.wait_for_url(lambda url: url.rpartition("/")[0].endswith("/webhooks"))
        await tab.press("main form:has(input[value=ping]) button")
        await visitors.notification.app.state.webhook_sender.send_due()
        await page.reload()
        await tab.look("webhook")
        await page.click("table a")
        await page.wait_for_url("**/messages/**")
        await tab.look("webhook-message")
        await page.goto(page.url.partition("/messages")[0] + "/send-again")
        await tab.press("main form > button")
        await tab.look("webhook-send-again-errors")
        await page.goto("/account/webhooks")
        await tab.look("webhooks-list")
