"""Broadcasts in a browser without scripts: written, seen in each language, approved by another operator, stopped,
resumed, and the announcements on top of pages."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.smtp import Mailbox
from shared.auth import Role
from shared.clock import ManualClock
from tests.gateway.approval import linked
from tests.gateway.browser import Browser, Page
from tests.gateway.informed import Informed, informed_site
from tests.infra.databases import TestDatabase

FILLED = {
    "kind": "maintenance",
    "group": "everyone",
    "title-ja": "停止のお知らせ",
    "body-ja": "7月5日に停止します。",
    "title-en": "No service on 5 July",
    "body-en": "The service stops on 5 July.",
    "title-vi": "Ngừng dịch vụ",
    "body-vi": "Dịch vụ ngừng ngày 5 tháng 7.",
}


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], mailbox: Mailbox) -> AsyncIterator[Informed]:
    async with informed_site(service_database, mailbox) as made:
        yield made


async def written(browser: Browser, **changes: str) -> Page:
    page = await browser.open("/desk/broadcasts/new?lang=en")
    return await browser.send(page, "Keep the draft", **FILLED | changes)


def gateway(office: Informed) -> Any:
    return office.front.app.state.gateway


async def shown_on(office: Informed, browser: Browser, path: str) -> Page:
    """A page after the announcements have been fetched again."""
    clock = gateway(office).clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(seconds=31))
    await browser.open(path)
    await gateway(office).announcements.arrived()
    return await browser.open(path)


async def test_a_broadcast_from_the_draft_to_the_stop(office: Informed) -> None:
    writer, approver = office.browsers["operator"], await office.officer("approver", Role.OPERATOR)
    page = await written(writer, **{"title-en": "", "send_on": "2026-12-24"})
    assert linked(page) == {"title-en", "send_time"}
    page = await writer.send(page, "Keep the draft", group="everyone", send_time="9:30", **{"title-en": "No service"})
    assert page.h1 == "No service"
    assert "The draft is kept." in page.shown
    assert "The banner" not in page.shown
    page = await writer.send(page, "Ask for approval")
    assert "another operator has to approve it" in page.shown
    assert not any("Approve" in form.buttons for form in page.forms)
    path = page.path.partition("?")[0]
    page = await approver.open(f"{path}?lang=en&first=ko")
    assert "There is no text in this language: its readers get English." in page.shown
    framed = await approver.client.get(f"{path}/mail?first=vi")
    assert "Dịch vụ ngừng ngày 5 tháng 7." in framed.text
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    page = await approver.send(page, "Send back")
    assert linked(page) == {"return_reason"}
    page = await approver.send(page, "Send back", return_reason="The day is wrong")
    assert "You sent it back." in page.shown
    page = await writer.open(path)
    assert "The day is wrong" in page.shown
    form = await writer.follow(page, "Change the broadcast")
    page = await writer.send(form, "Keep the draft", send_on="", send_time="")
    assert "The changes are kept." in page.shown
    await writer.send(page, "Ask for approval")
    page = await approver.send(await approver.open(path), "Approve")
    assert "You approved it." in page.shown
    page = await approver.send(page, "Stop", stop_reason="Not needed")
    assert "You stopped it." in page.shown
    assert "Not needed" in page.shown
    listed = await writer.open("/desk/broadcasts?state=stopped")
    assert "No service" in listed.links
    page = await approver.send(page, "Resume")
    assert linked(page) == {"resume_reason"}
    page = await approver.send(page, "Resume", resume_reason="Needed after all")
    assert "You resumed it." in page.shown
    assert "Needed after all" in page.shown
    assert not any("Resume" in form.buttons for form in page.forms)


async def test_an_announcement_is_on_every_page_until_it_is_put_aside(office: Informed) -> None:
    writer, approver = office.browsers["operator"], await office.officer("approver", Role.OPERATOR)
    begins, ends = (f"{office.front.clock.now() + timedelta(days=days):%Y-%m-%d}" for days in (-1, 2))
    times = {"banner_from_on": begins, "banner_from_time": "0:00", "banner_until_on": ends, "banner_until_time": "0:00"}
    anybody = await office.front.browser()
    for group, title in (("everyone", "For everyone"), ("officers", "For officers")):
        page = await written(writer, group=group, **times, **{"title-en": title})
        await writer.send(page, "Ask for approval")
        await approver.send(await approver.open(page.path.partition("?")[0]), "Approve")
    for path in ("/?lang=en", "/sign-in", "/help"):
        page = await shown_on(office, anybody, path)
        assert "For everyone" in page.shown
        assert "For officers" not in page.shown
    page = await shown_on(office, writer, "/desk")
    assert "For everyone" in page.shown
    assert "For officers" in page.shown
    vietnamese = await anybody.open("/help?lang=vi")
    assert "Dịch vụ ngừng ngày 5 tháng 7." in vietnamese.shown
    page = await anybody.send(await anybody.open("/help?lang=en"), "Hide")
    assert page.path.startswith("/help")
    assert "For everyone" not in page.shown
    assert "For everyone" not in (await anybody.open("/sign-in")).shown
    assert "For everyone" in (await (await office.front.browser()).open("/sign-in?lang=en")).shown


async def test_pages_do_without_announcements_while_the_service_is_away(office: Informed) -> None:
    browser = await office.front.browser()
    parts = gateway(office)
    parts.upstreams.services["notification"] = "http://127.0.0.1:1"
    page = await shown_on(office, browser, "/help?lang=en")
    assert page.h1
    assert parts.announcements.current(None) == []
