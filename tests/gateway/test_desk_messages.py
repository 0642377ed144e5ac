"""Messages at the desk and in the account, in a browser without scripts: inbox, choices, log and samples."""

import re
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from sqlalchemy import select

from deploy.local.smtp import Mailbox
from services.gateway.texts import PAGES
from services.notification.audit import Tag
from services.notification.channels.mail.texts import texts
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.store import Delivery
from shared.auth import Role
from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.registration import OfficerInvited
from shared.events.review_allocation import CaseDeadlineReached
from shared.ids import new_id
from shared.languages import LANGUAGES, TRANSLATED
from tests.gateway.approval import linked
from tests.gateway.browser import Page
from tests.gateway.informed import Informed, informed_site, sealed
from tests.infra.databases import TestDatabase
from tests.services.registration.site import PASSWORD

NUMBER = "東オンＥＮ26000001"


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], mailbox: Mailbox) -> AsyncIterator[Informed]:
    async with informed_site(service_database, mailbox) as made:
        yield made


def choice(page: Page, name: str) -> str:
    return page.form("Save").fields[name]


async def test_an_officer_sees_what_is_unread_opens_it_and_lands_at_the_case(office: Informed) -> None:
    browser = office.browsers["examiner"]
    await office.file()
    assert "unread" not in (await browser.open("/desk?lang=en")).shown
    await office.happens(AdditionalDocumentsSubmitted)
    await office.happens(CaseDeadlineReached, concern="special_7")
    desk = await browser.open("/desk")
    assert "2 unread messages about your cases" in desk.links
    page = await browser.follow(desk, "2 unread messages about your cases")
    assert page.h1 == "Messages about your cases"
    opened = await browser.get(page.links[f"Additional documents submitted ({NUMBER})"])
    assert opened.url.path == f"/desk/cases/{office.case}"
    page = await browser.open("/desk/inbox")
    assert {f"Special period ends within 7 days ({NUMBER})", "How you get messages"} <= page.links.keys()
    assert "1 unread messages about your cases" in (await browser.open("/desk")).links
    page = await browser.send(page, "Mark all as read")
    assert "All messages are marked as read." in page.shown
    assert "You have read all messages." in (await browser.open("/desk/inbox?unread=1")).shown
    japanese = await browser.open("/desk/inbox?lang=ja")
    assert f"追加資料が提出されました（{NUMBER}）" in japanese.links


async def test_another_officers_message_is_as_if_there_were_none(office: Informed) -> None:
    await office.file()
    await office.happens(AdditionalDocumentsSubmitted)
    page = await office.browsers["examiner"].open("/desk/inbox?lang=en")
    (path,) = [href for href in page.links.values() if re.match(r"/desk/inbox/[0-9a-f-]{36}", href)]
    colleague = await office.officer("colleague", Role.EXAMINER)
    assert (await colleague.client.get(path)).status_code == 404
    assert "There are no messages yet." in (await colleague.open("/desk/inbox?lang=en")).shown
    assert (await office.browsers["operator"].client.get(path)).status_code == 404


async def test_an_officer_chooses_one_mail_in_the_morning(office: Informed) -> None:
    browser = office.browsers["examiner"]
    page = await browser.open("/account/messages?lang=en")
    assert (page.h1, choice(page, "cases")) == ("How you get messages", "inbox")
    page = await browser.send(page, "Save", cases="morning")
    assert "Saved. It holds from the next message on." in page.shown
    assert choice(await browser.open("/account/messages"), "cases") == "morning"
    assert "Applications that you filed" not in page.shown


async def test_a_person_chooses_for_the_own_applications_and_for_colleagues(office: Informed) -> None:
    person = await office.front.site.person()
    browser = await office.front.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    page = await browser.open("/account/messages?lang=en")
    assert (choice(page, "own"), choice(page, "colleagues")) == ("at_once", "none")
    page = await browser.send(page, "Save", own="morning", colleagues="inbox")
    assert (choice(page, "own"), choice(page, "colleagues")) == ("morning", "inbox")
    wrong = await browser.send(page, "Save", own="never")
    assert (wrong.status, linked(wrong)) == (422, {"own"})
    assert choice(await browser.open("/account/messages"), "own") == "morning"
    assert "How you get messages" in (await browser.open("/messages")).links
    japanese = await browser.open("/account/messages?lang=ja")
    assert japanese.h1 == "お知らせの受け取り方"


async def test_an_operator_finds_a_message_sees_its_history_and_sends_it_again(office: Informed) -> None:
    await office.file()
    assert office.notification is not None
    sender = office.notification.app.state.sender
    while await sender.send_due():
        pass
    browser = office.browsers["operator"]
    page = await browser.open("/desk?lang=en")
    page = await browser.follow(page, "Sent messages")
    assert not re.search(r"\d shown|No message fits", page.shown), "opening the page is no search"
    page = await browser.open("/desk/messages?number=%E6%9D%B1%E3%82%AA%E3%83%B3EN26000001")
    assert "1 shown" in page.shown and "Sent" in page.shown
    message = await browser.follow(page, "Application received (receipt number)")
    assert "taro@example.co.jp" not in message.shown and "Made" in message.shown
    missing = await browser.send(message, "Send")
    assert (missing.status, linked(missing)) == (422, {"reason"})
    again = await browser.send(message, "Send", reason="not_arrived")
    assert "It is being sent again." in again.shown
    assert "The recipient says that it did not arrive" in again.shown
    # The same press once more: the page brings the key of its request.
    twice = await browser.send(message, "Send", reason="not_arrived")
    assert twice.status == 200 and twice.shown.count("Sent again on request") == 1
    while await sender.send_due():
        pass
    page = await browser.open("/desk/messages?address=taro%40example.co.jp&state=sent")
    assert "2 shown" in page.shown
    assert "No message fits." in (await browser.open("/desk/messages?address=nobody%40example.co.jp")).shown


def test_every_step_of_a_history_has_its_words() -> None:
    of_the_log = {Tag.SEARCH, Tag.READ, Tag.ERASE}  # and of no message
    steps = {tag.partition(":")[2] for tag in set(Tag) - of_the_log if tag.startswith("notification:")}
    assert {step for step in steps if f"did_{step}" not in PAGES["en"]["message_log"]} == set()


async def test_a_search_that_cannot_be_says_where(office: Informed) -> None:
    browser = office.browsers["operator"]
    page = await browser.open("/desk/messages?account_id=nonsense&lang=en")
    assert (page.status, linked(page)) == (422, {"account_id"})
    assert (await browser.client.get("/desk/messages?all=1&cursor=abc")).status_code in (200, 422)
    assert (await browser.client.get(f"/desk/messages/{new_id()}")).status_code == 404


async def test_an_auditor_reads_and_sends_nothing(office: Informed) -> None:
    await office.file()
    browser = await office.officer("auditor", Role.AUDITOR)
    page = await browser.open("/desk/messages?all=1&lang=en")
    message = await browser.follow(page, "Application received (receipt number)")
    assert "Send it again" not in message.shown
    token = office.front.app.state.gateway.csrf.token(browser.cookie)
    sent = {"csrf_token": token, "reason": "other", "key": str(new_id())}
    refused = await browser.client.post(message.path, data=sent, headers={"Origin": browser.url})
    assert refused.status_code == 403


async def test_an_operator_finds_an_address_that_is_left_alone_and_has_mail_sent_there_again(office: Informed) -> None:
    message = await office.comes_back()
    browser = office.browsers["operator"]
    page = await browser.follow(await browser.open("/desk/messages?lang=en"), "Addresses to which no email is sent")
    assert "t***@example.co.jp" in page.links and "taro@" not in page.shown
    address = await browser.follow(page, "t***@example.co.jp")
    assert f"/desk/messages/{message}" in address.links.values()
    assert "Email came back, and none is sent (The address receives nothing)" in address.shown
    assert "5.1.1" in address.texts["code"]
    missing = await browser.send(address, "Send again")
    assert (missing.status, linked(missing)) == (422, {"reason"})
    for _ in range(2):
        lifted = await browser.send(address, "Send again", reason="reader_asked")
        assert "Email is sent to this address again." in lifted.shown
        assert lifted.shown.count("An operator had email sent again (Its reader asked for it)") == 1
    listed = await browser.open("/desk/messages/addresses")
    assert "Email is sent to every address." in listed.shown
    found = await browser.open("/desk/messages/addresses?address=TARO%40example.co.jp")
    assert "Sent again: an operator decided" in found.shown
    unknown = await browser.open("/desk/messages/addresses?address=nobody%40example.co.jp")
    assert "Email to this address was not stopped." in unknown.shown
    assert (await browser.open("/desk/messages/addresses?cursor=abc")).path == "/desk/messages/addresses"
    assert (await browser.client.get(f"/desk/messages/addresses/{new_id()}")).status_code == 404


async def test_an_auditor_looks_at_addresses_and_changes_nothing(office: Informed) -> None:
    await office.comes_back()
    browser = await office.officer("auditor", Role.AUDITOR)
    address = await browser.follow(await browser.open("/desk/messages/addresses?lang=en"), "t***@example.co.jp")
    assert "Send email there again" not in address.shown
    sent = {"csrf_token": office.front.app.state.gateway.csrf.token(browser.cookie), "reason": "other"}
    refused = await browser.client.post(address.path, data=sent, headers={"Origin": browser.url})
    assert refused.status_code == 403


async def test_an_operator_sees_how_far_each_language_is_and_what_nobody_has_looked_at(office: Informed) -> None:
    """Pages, texts of services and mails, by catalogue; without the service of mails the others."""
    browser = office.browsers["operator"]
    page = await browser.follow(await browser.open("/desk?lang=en"), "Translations")
    assert page.h1 == "Translations"
    assert {"portal", "desk", "forms", "mail"} <= set(page.texts["code"])
    assert [one for one in TRANSLATED if LANGUAGES[one].name not in page.shown] == []
    office.front.app.state.gateway.upstreams.services["notification"] = "http://127.0.0.1:1"
    page = await browser.open("/desk/translations")
    assert "The state of the emails is not known at the moment." in page.shown
    assert "mail" not in page.texts["code"] and "portal" in page.texts["code"]


async def test_every_template_is_shown_as_mail_and_as_text_and_the_mail_runs_nothing(office: Informed) -> None:
    browser = office.browsers["operator"]
    listed = await browser.open("/desk/messages/templates?lang=en")
    assert {f"/desk/messages/templates/{template}" for template in WRITERS} <= set(listed.links.values())
    assert "Documents requested" in listed.links and "News of a case" in listed.links, "names, and no codes"
    for template in ("documents_requested", "case_news", "morning_summary", "bulk_import_finished"):
        page = await browser.open(f"/desk/messages/templates/{template}")
        assert page.values("iframe", "sandbox") == ["", ""]
        (mail, phone) = page.values("iframe", "src")
        assert mail == phone
        assert "frame-src 'self'" in page.answer.headers["content-security-policy"]
        shown = await browser.client.get(mail)
        policy = shown.headers["content-security-policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
        assert shown.headers["x-frame-options"] == "SAMEORIGIN"
        assert shown.text.startswith("<!doctype html>")
    japanese = await browser.open("/desk/messages/templates/case_news?first=ja")
    assert japanese.answer.text.index("特例期間") < japanese.answer.text.index("Special period")
    vietnamese = await browser.follow(japanese, "Tiếng Việt")
    assert "A native speaker has looked at 0 of " in vietnamese.shown
    assert texts("vi")["label"]["receipt_number"] in vietnamese.shown
    assert (await browser.client.get("/desk/messages/templates/nothing")).status_code == 404
    assert (await browser.client.get("/desk/messages/templates/no%20name")).status_code == 404


async def test_a_mail_program_leaves_mails_by_one_click_and_a_person_on_a_page(office: Informed) -> None:
    assert office.notification is not None
    await office.file()
    browser, recipient = office.browsers["examiner"], {"sealed_address": sealed("e@example.go.jp"), "language": "ja"}
    await office.deliver(
        OfficerInvited.example(
            account_id=office.ids["examiner"],
            recipient=recipient,
            sealed_link=sealed("https://x"),
            sealed_login_id=sealed("AB12345678"),
        )
    )
    page = await browser.send(await browser.open("/account/messages?lang=en"), "Save", cases="at_once")
    await office.happens(AdditionalDocumentsSubmitted)
    async with office.notification.db.read() as session:
        found = await session.scalar(select(Delivery.notification_id).where(Delivery.topic == "cases"))
    assert found is not None
    path = office.notification.app.state.leaving.of(found).removeprefix("http://127.0.0.1:8000")
    anybody = await office.front.browser()
    page = await anybody.open(f"{path}?lang=en")
    assert page.h1 == "Stop emails" and choice(await browser.open("/account/messages"), "cases") == "at_once"
    page = await anybody.send(page, "Stop the emails")
    assert "You get no more emails of this kind." in page.shown
    assert choice(await browser.open("/account/messages"), "cases") == "inbox"
    # As RFC 8058 has it: no cookies, no page of ours, and a form of one field.
    async with httpx.AsyncClient(base_url=office.front.url) as program:
        clicked = await program.post(path, data={"List-Unsubscribe": "One-Click"})
        made_up = await program.post("/unsubscribe/nonsense", data={"List-Unsubscribe": "One-Click"})
    assert (clicked.status_code, made_up.status_code) == (200, 404)
