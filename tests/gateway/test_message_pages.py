"""The messages of a person on the site, in a browser without scripts."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from deploy.local.smtp import Mailbox
from services.notification.bounces.commands import take_failure
from services.notification.messages.store import Notification
from services.notification.suppression.commands import Return
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.notification import AddressTestRequested
from shared.sealing import Sealer
from shared.work import RequestIdentity
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, identity, trusting
from tests.gateway.portal import as_filer, exchange_events, filer_of
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.services.registration.site import PASSWORD, Person
from tests.support.service import SEALING_KEY, RunningService, running
from tests.support.web import serving

SECOND = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}
RECEIVED = "Application received (receipt number)"


def unread_on(page: Page) -> int:
    """The number of messages that the page says are not read."""
    found = re.search(r"(\d+) not read\.", page.shown)
    return int(found[1]) if found else 0


@dataclass
class House:
    """The gateway before registration, the application service and the notification service, and somebody who files."""

    front: Identity
    application: RunningService
    notification: RunningService
    filer: Filer
    person: Person
    officer: dict[str, str]

    async def signed_in(self) -> Browser:
        browser = await self.front.browser()
        await browser.sign_in(self.person.login_id, PASSWORD)
        return browser

    async def file(self, card: str = "QQ11111111QQ") -> str:
        """File an application for the holder of a card; its messages are made."""
        async with as_filer(self.filer) as filer:
            filed = await filer.filed(form=filer.draft()["form"] | {"residence_card_no": card})
        await exchange_events(self.front.site.service, self.application, self.notification)
        return str(filed)

    async def come_back(self) -> None:
        """Mails to the person come back."""
        commands = self.notification.app.state.runtime.commands
        await self.notification.app.state.sender.send_due()
        async with self.notification.db.read() as session:
            sent = (Notification.state == "sent") & (Notification.party == "account")
            message_id = await session.scalar(select(Notification.id).where(sent).limit(1))
        assert message_id is not None
        async with commands.work(Actor.system("test"), RequestIdentity(request_id="report")) as work:
            await take_failure(work, Return(message_id, 1, "5.1.1", "mailbox"))


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase], mailbox: Mailbox) -> AsyncIterator[House]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    mails: dict[str, Any] = {"smtp_host": mailbox.host, "smtp_port": mailbox.port}
    async with (
        running("application", service_database("application"), clock=clock) as application,
        running("notification", service_database("notification"), clock=clock, **mails) as notification,
        serving(application.app, lifespan="off") as applications,
        serving(notification.app, lifespan="off") as notifications,
        identity(
            service_database("registration"), clock, application_url=applications, notification_url=notifications
        ) as front,
    ):
        trusting(application, front.site, clock)
        trusting(notification, front.site, clock)
        officer = await front.site.officer()
        person = await front.site.person(officer)
        yield House(front, application, notification, filer_of(application, person), person, officer)


async def test_a_message_is_found_from_home_opened_and_read(house: House) -> None:
    filed = await house.file()
    browser = await house.signed_in()
    page = await browser.open("/home")
    assert "Messages" in page.links
    waiting = unread_on(page)
    assert waiting
    message = await browser.follow(page, RECEIVED)
    assert message.h1 == RECEIVED
    assert "We have received your application and will now examine it." in message.shown
    assert message.links["Open the application"] == f"/applications/{filed}"
    listed = await browser.open("/messages")
    assert "Read" in listed.shown
    unread = await browser.follow(listed, "Show only messages that you have not read")
    assert RECEIVED not in unread.links
    assert unread_on(await browser.open("/home")) == waiting - 1
    case = await browser.open(f"/applications/{filed}?lang=en")
    assert "Not confirmed yet. Each email to it has a link to confirm it." in case.shown
    about = await browser.follow(case, "Messages about this application")
    assert RECEIVED in about.links and about.links["Open the application"] == f"/applications/{filed}"
    assert RECEIVED not in (await browser.open(f"/messages?application={house.person.account_id}")).links
    japanese = await browser.open(f"{message.path}?lang=ja")
    assert japanese.h1 == "申請を受け付けました（申請受付番号のお知らせ）"
    assert "これから審査を行います" in japanese.shown


async def test_all_are_marked_as_read_with_one_press(house: House) -> None:
    for card in ("QQ11111111QQ", "QQ22222222QQ"):
        await house.file(card)
    browser = await house.signed_in()
    page = await browser.open("/messages?unread=1")
    assert RECEIVED in page.links
    page = await browser.send(page, "Mark all as read")
    assert page.path.startswith("/messages?unread=1")
    assert "All messages are marked as read." in page.shown
    assert "You have read all messages." in page.shown
    assert unread_on(await browser.open("/home")) == 0


async def test_nobody_else_opens_it(house: House) -> None:
    await house.file()
    browser = await house.signed_in()
    message = (await browser.open("/messages")).links[RECEIVED]
    other = await house.front.browser()
    stranger = await house.front.site.person(
        house.officer, applicant={"email": "second@example.jp"}, organisation=SECOND
    )
    await other.sign_in(stranger.login_id, PASSWORD)
    assert (await other.get(message)).status_code == 404
    assert RECEIVED not in (await other.open("/messages")).links
    nobody = await house.front.browser()
    assert (await nobody.open("/messages")).path.startswith("/sign-in?return_to=%2Fmessages")


async def test_odd_addresses_end_at_the_list(house: House) -> None:
    browser = await house.signed_in()
    page = await browser.open("/messages?cursor=!!!&unread=2&everyone=x&application=%00")
    assert (page.h1, page.status) == ("Messages", 200)
    assert "There are no messages yet." in page.shown or page.links
    assert (await browser.get("/messages/00000000-0000-7000-8000-000000000000")).status_code == 404
    assert (await browser.get("/messages/nothing")).status_code == 404


async def test_a_person_learns_that_mail_does_not_arrive_and_has_it_sent_again(house: House) -> None:
    browser = await house.signed_in()
    assert "has not arrived since" not in (await browser.open("/home")).shown
    await house.file()
    await house.come_back()
    home = await browser.open("/home")
    assert "has not arrived since 20 November 2026." in home.shown
    page = await browser.follow(home, "Make sure that email arrives")
    assert (page.h1, "Email does not arrive" in page.shown) == ("Your account", True)
    tested = await browser.send(page, "Send a test email to this address")
    assert "Open the link in it within 24 hours." in tested.shown
    assert "15 minutes" in (await browser.send(tested, "Send a test email to this address")).shown
    asked = next(event for event in await house.notification.events() if isinstance(event, AddressTestRequested))
    link = "/mail-address/" + Sealer(SEALING_KEY).open(asked.sealed_link).rpartition("/")[2]
    # It is opened on a telephone, where nobody is signed in.
    telephone = await house.front.browser()
    assert "Have a test email sent again" in (await telephone.open(f"{link}x")).shown
    done = await telephone.send(await telephone.open(link), "Confirm that I read email here")
    assert "We send email to this address." in done.shown
    assert "has not arrived since" not in (await browser.open("/home")).shown
    assert "Email does not arrive" not in (await browser.open("/account")).shown
