"""Webhooks on their pages: added, tried out, looked into, stopped and enabled, in a browser without scripts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from starlette.responses import Response

from deploy.local.smtp import Mailbox
from shared.auth import Role
from shared.clock import ManualClock
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, identity, trusting
from tests.infra.databases import TestDatabase
from tests.services.notification.hooks import Receiver, receiving
from tests.services.registration.site import PASSWORD, Person
from tests.support.service import RunningService, running
from tests.support.web import serving

PATH = "/account/webhooks"
ADD = "Add a webhook"


@dataclass
class House:
    """The gateway before registration and notification, somebody who acts for an organisation, and a receiver."""

    front: Identity
    notification: RunningService
    person: Person
    receiver: Receiver

    async def signed_in(self, lang: str = "en") -> Browser:
        browser = await self.front.browser(lang)
        page = Page(await browser.get("/sign-in"))
        (form,) = [form for form in page.forms if "login_id" in form.fields]
        await browser.send(page, form, login_id=self.person.login_id, password=PASSWORD)
        return browser

    async def added(self, browser: Browser, **typed: str) -> tuple[str, str]:
        """The path of a new webhook's page, and its secret."""
        form = await browser.open(f"{PATH}/add")
        shown = await browser.send(form, ADD, **{"name": "Payroll", "url": self.receiver.url, **typed})
        assert shown.h1 == "Your new secret", shown.shown
        (secret,) = shown.texts["code"]
        page = await browser.send(shown, "I have saved it")
        return page.path, secret

    async def send(self) -> None:
        while await self.notification.app.state.webhook_sender.send_due():
            pass


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase], mailbox: Mailbox) -> AsyncIterator[House]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    settings = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "webhook_loopback": True}
    async with (
        running("notification", service_database("notification"), clock=clock, **settings) as notification,
        serving(notification.app, lifespan="off") as notifications,
        identity(service_database("registration"), clock, notification_url=notifications) as front,
        receiving() as receiver,
    ):
        trusting(notification, front.site, clock)
        yield House(front, notification, await front.site.person(), receiver)


async def test_a_webhook_is_added_tried_out_and_its_log_read(house: House) -> None:
    browser = await house.signed_in()
    page = await browser.follow(await browser.open("/account/systems"), "Have your systems informed (webhooks)")
    assert "There are no webhooks yet." in page.shown
    form = await browser.follow(page, ADD)
    typed = {"name": "Payroll", "url": house.receiver.url, "types": "review.completed"}
    shown = await browser.send(form, ADD, **typed)
    (secret,) = shown.texts["code"]
    assert secret.startswith("whsec_")
    page = await browser.send(shown, "I have saved it")
    assert (page.h1, "Examination complete" in page.shown, secret in page.shown) == ("Payroll", True, False)
    again = await browser.open(f"{page.path}/secret/shown")
    assert secret not in again.shown
    pinged = await browser.send(page, "Send a test message")
    assert "A test message is being sent." in pinged.shown
    house.receiver.answer = lambda _: Response("<b>taken</b>", headers={"X-Request-Id": "abc"})
    await house.send()
    message = await browser.follow(await browser.open(page.path), "Test message")
    assert "Accepted" in message.shown
    assert "<b>taken</b>" in message.shown, "an answer is text, whatever is in it"
    assert "x-request-id: abc" in message.shown
    assert house.receiver.received[0].id in message.shown
    page = await browser.send(message, "Send again")
    assert "Messages are being sent again." in page.shown
    await house.send()
    assert [each.id for each in house.receiver.received] == [house.receiver.received[0].id] * 2


async def test_mistakes_are_shown_at_their_fields_and_add_nothing(house: House) -> None:
    browser = await house.signed_in()
    form = await browser.open(f"{PATH}/add")
    page = await browser.send(form, ADD, name="", url="https://10.0.0.1/")
    assert page.status == 422
    assert {"#name", "#url"} <= set(page.links.values())
    assert page.form(ADD).fields["url"] == "https://10.0.0.1/"
    assert "There are no webhooks yet." in (await browser.open(PATH)).shown


async def test_a_webhook_is_changed_its_secret_replaced_and_removed(house: House) -> None:
    browser = await house.signed_in()
    path, _ = await house.added(browser)
    first, second = [await browser.follow(await browser.open(path), "Change this webhook") for _ in range(2)]
    page = await browser.send(first, "Save", name="Payroll 2")
    assert (page.h1, "The webhook has been changed." in page.shown) == ("Payroll 2", True)
    late = await browser.send(second, "Save", name="Payroll 3")
    assert (late.status, late.form("Save").fields["name"]) == (412, "Payroll 3")
    page = await browser.send(late, "Save")
    assert page.h1 == "Payroll 3"
    replacing = await browser.follow(page, "Replace the secret")
    shown = await browser.send(replacing, "Replace the secret")
    assert shown.h1 == "Your new secret"
    refused = await browser.send(await browser.open(f"{path}/secret"), "Replace the secret")
    assert (refused.status, "There are two secrets already" in refused.shown) == (409, True)
    page = await browser.send(await browser.open(path), "End it now")
    assert "The secret has ended." in page.shown
    assert "End it now" not in [form.button for form in page.forms]
    page = await browser.send(await browser.follow(page, "Remove this webhook"), "Remove this webhook")
    assert (page.path, "There are no webhooks yet." in page.shown) == (f"{PATH}?done=removed", True)
    assert (await browser.open(path)).status == 404


async def test_a_stopped_webhook_says_why_and_is_enabled(house: House) -> None:
    browser = await house.signed_in()
    path, _ = await house.added(browser)
    house.receiver.answer = lambda _: Response(status_code=410)
    await browser.send(await browser.open(path), "Send a test message")
    await house.send()
    page = await browser.open(path)
    assert "Stopped because your system answered that it wants no more messages (410)." in page.shown
    assert "Send a test message" not in [form.button for form in page.forms]
    house.receiver.answer = lambda _: Response()
    page = await browser.send(page, "Enable")
    assert "The webhook is enabled." in page.shown
    await house.send()
    assert "Accepted" in (await browser.open(f"{path}?state=accepted")).shown
    page = await browser.send(page, "Stop")
    assert "Stopped by you or a colleague." in page.shown


async def test_messages_of_some_days_are_sent_again(house: House) -> None:
    browser = await house.signed_in()
    path, _ = await house.added(browser)
    await browser.send(await browser.open(path), "Send a test message")
    await house.send()
    form = await browser.follow(await browser.open(path), "Send messages again")
    wrong = await browser.send(form, "Send again", since="tomorrow", until="2026-11-20")
    assert (wrong.status, "#since" in wrong.links.values()) == (422, True)
    before = await browser.send(wrong, "Send again", since="2026-11-20", until="2026-11-19")
    assert (before.status, "#until" in before.links.values()) == (422, True)
    page = await browser.send(before, "Send again", since="2026-11-20", until="2026-11-20", accepted="yes")
    assert "Messages are being sent again." in page.shown
    await house.send()
    assert len(house.receiver.received) == 2


async def test_adding_needs_a_session_that_was_proved_recently(house: House) -> None:
    browser = await house.signed_in()
    path, _ = await house.added(browser)
    house.front.clock.advance(timedelta(minutes=21))
    for where in (f"{PATH}/add", f"{path}/change", f"{path}/secret"):
        assert (await browser.open(where)).path.startswith("/account/step-up"), where


async def test_the_webhook_of_somebody_else_is_not_there_and_officers_have_no_such_page(house: House) -> None:
    browser = await house.signed_in()
    path, _ = await house.added(browser)
    officer = await house.front.site.officer(login_id="second.approver")
    stranger = await house.front.site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
    )
    other = await house.front.browser()
    await other.sign_in(stranger.login_id, PASSWORD)
    for where in (path, f"{PATH}/{uuid4()}"):
        for step in ("", "/change", "/secret", "/secret/shown", "/remove", "/send-again", f"/messages/{uuid4()}"):
            assert (await other.open(where + step)).status == 404, step
    await house.front.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    app = await house.front.site.app_of("examiner.tyo")
    desk = await house.front.browser()
    await desk.send(await desk.sign_in("examiner.tyo", PASSWORD), "Check the code", code=app.next())
    assert [(await desk.open(where)).status for where in (PATH, f"{PATH}/add", path)] == [403] * 3


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_every_page_is_there_in_both_languages(house: House, lang: str) -> None:
    english = await house.signed_in()
    path, _ = await house.added(english)
    browser = await house.signed_in(lang)
    for step in ("", "/change", "/secret", "/remove", "/send-again"):
        page = await browser.open(path + step)
        assert page.status == 200, (step, page.shown)
