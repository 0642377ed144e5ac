"""Messages and broadcasts at the desk, in Chromium, at both widths; a mail in its frame; announcements on pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from deploy.local.smtp import Mailbox
from shared.auth import Role
from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.notification import AddressTestRequested
from tests.browser.looking import Visitors
from tests.browser.test_bureau import _as
from tests.gateway.informed import informed_site, unsealed
from tests.infra.databases import TestDatabase


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_an_officers_inbox_and_the_log_of_messages(
    service_database: Callable[[str], TestDatabase], mailbox: Mailbox, chromium: Browser, lang: str
) -> None:
    async with informed_site(service_database, mailbox) as office:
        await office.comes_back()
        await office.happens(AdditionalDocumentsSubmitted)
        site: Any = office.front.site
        nothing: Any = None
        visitors = Visitors(chromium, office.front.url, site, nothing, nothing, office.front.clock)
        async with visitors.tab(lang) as tab:
            page = tab.page
            await _as(tab, office, "examiner")
            await page.goto("/desk/inbox")
            await tab.look("desk-inbox")
            await page.goto("/account/messages")
            await tab.look("officer-message-choices")
            await _as(tab, office, "operator")
            await page.goto("/desk/messages")
            await tab.look("message-log-begin")
            await page.goto("/desk/messages?all=1")
            await tab.look("message-log")
            await page.locator("tbody th a").first.click()
            await tab.look("message")
            await page.goto("/desk/messages/addresses")
            await tab.look("mail-addresses")
            await page.locator("tbody th a").first.click()
            await page.locator("main form button[type=submit]").click()
            await tab.look("mail-address-errors")
            await page.locator("#reason-reader_asked").check()
            await page.locator("main form button[type=submit]").click()
            await tab.look("mail-address")
            await page.goto("/desk/translations")
            await tab.look("desk-translations")
            await page.goto("/desk/messages/templates")
            await tab.look("message-templates")
            await page.goto("/desk/messages/templates/documents_requested?first=vi")
            frame = page.frame_locator("iframe.narrow")
            await expect(frame.locator("section").first).to_be_visible()
            assert await frame.locator("html").evaluate("one => one.scrollWidth <= one.clientWidth"), "fits a telephone"
            await tab.look("message-template")


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_a_reader_whose_mail_comes_back_confirms_the_address(
    service_database: Callable[[str], TestDatabase], mailbox: Mailbox, chromium: Browser, lang: str
) -> None:
    async with informed_site(service_database, mailbox) as office:
        assert office.notification is not None
        site: Any = office.front.site
        nothing: Any = None
        visitors = Visitors(chromium, office.front.url, site, nothing, nothing, office.front.clock)
        person = await site.person()
        office.filer = person.account_id
        await office.comes_back()
        async with visitors.tab(lang) as tab:
            page = tab.page
            await visitors.sign_in(tab, person.login_id)
            await tab.look("home-undelivered")
            await page.goto("/account")
            await tab.look("account-undelivered")
            await page.locator("form[action='/account/email/test'] button").click()
            await tab.look("account-undelivered-tested")
            (asked,) = [one for one in await office.notification.events() if isinstance(one, AddressTestRequested)]
            await page.goto(f"/mail-address/{unsealed(asked.sealed_link).rpartition('/')[2]}")
            await tab.look("mail-address-link")
            await page.locator("main form button").click()
            await tab.look("mail-address-confirmed")
            await page.goto("/mail-address/used")
            await tab.look("mail-address-over")
            await page.goto("/account")
            await expect(page.locator("#mail")).to_have_count(0)


async def test_a_broadcast_is_written_approved_and_on_top_of_the_pages(
    service_database: Callable[[str], TestDatabase], mailbox: Mailbox, chromium: Browser
) -> None:
    async with informed_site(service_database, mailbox) as office:
        await office.officer("approver", Role.OPERATOR)
        site: Any = office.front.site
        nothing: Any = None
        visitors = Visitors(chromium, office.front.url, site, nothing, nothing, office.front.clock)
        async with visitors.tab("ja") as tab:
            page = tab.page
            await _as(tab, office, "operator")
            await page.goto("/desk/broadcasts/new")
            await page.locator("main form button[type=submit]").click()
            await tab.look("broadcast-errors")
            await page.locator("#kind-maintenance").check()
            await page.locator("#group-everyone").check()
            for lang, title, body in (
                (
                    "ja",
                    "7月5日の停止のお知らせ",
                    "7月5日（日）午前1時から5時まで停止します。\n\n前日までに提出してください。",
                ),
                (
                    "en",
                    "No service on 5 July",
                    "The service stops on Sunday 5 July from 1am to 5am.\n\nSubmit the day before.",
                ),
            ):
                await page.fill(f"#title-{lang}", title)
                await page.fill(f"#body-{lang}", body)
            now = office.front.clock.now()
            for name, days in (("banner_from", -1), ("banner_until", 3)):
                await page.fill(f"#{name}_on", f"{now + timedelta(days=days):%Y-%m-%d}")
                await page.fill(f"#{name}_time", "09:00")
            await tab.look("broadcast-form")
            await page.locator("main form button[type=submit]").click()
            await tab.look("broadcast-draft")
            await page.locator("button[value=propose]").click()
            address = urlsplit(page.url).path
            await _as(tab, office, "approver")
            await page.goto(f"{address}?first=vi")
            frame = page.frame_locator("iframe.narrow")
            await expect(frame.locator("section").first).to_be_visible()
            assert await frame.locator("html").evaluate("one => one.scrollWidth <= one.clientWidth"), "fits a telephone"
            await page.locator("button[value=approve]").click()
            await tab.look("broadcast-approved")
            for step in ("stop", "resume"):
                await page.fill(f"[name={step}_reason]", "日付を確認しました。")
                await page.locator(f"button[value={step}]").click()
                await tab.look(f"broadcast-{step}")
            await page.goto("/desk/broadcasts")
            await office.front.app.state.gateway.announcements.arrived()
            office.front.clock.advance(timedelta(seconds=31))
            await page.goto("/desk/broadcasts")
            await office.front.app.state.gateway.announcements.arrived()
            await page.goto("/desk/broadcasts")
            await page.locator(".announcement summary").click()
            await tab.look("broadcasts")
            await page.goto("/help")
            await tab.look("announcement")
            await page.locator(".announcement button").click()
            await expect(page.locator(".announcement")).to_have_count(0)
            assert urlsplit(page.url).path == "/help"
