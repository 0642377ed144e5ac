"""Leaving mails with one click: only what may be left out has a link, and what is left out stays in the inbox."""

import pytest

from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.registration import OfficerInvited
from shared.events.review import ReviewStarted
from shared.events.review_allocation import CaseDeadlineReached
from shared.ids import new_id
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_audiences import Desk, Firm, about_applications, choose
from tests.services.notification.test_inbox import ask


def link(post: MailClient, address: str) -> str | None:
    """The link of the last mail to an address, on one line as programs read it."""
    mail = post.mails(address)[-1]
    assert (mail["List-Unsubscribe"] is None) == (mail["List-Unsubscribe-Post"] is None)
    if mail["List-Unsubscribe"] is None:
        return None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = str(mail["List-Unsubscribe"])
    assert found.startswith("<https://zairyu.example.jp/unsubscribe/") and found.endswith(">")
    return found[1:-1].rpartition("/")[2]


async def leave(post: MailClient, secret: str | None) -> int:
    return (await post.service.client.post(f"/v1/unsubscribe/{secret}")).status_code


@pytest.mark.parametrize("how", ["at_once", "morning"])
async def test_a_colleague_leaves_the_mails_and_keeps_the_inbox(post: MailClient, how: str) -> None:
    firm = await Firm(post).begin()
    await choose(post, firm.colleague, colleagues="at_once")
    await firm.file()
    assert link(post, post.filer) is None, "their own application is nothing to leave out"
    secret = link(post, firm.address)
    await choose(post, firm.colleague, colleagues=how)
    await firm.settle()
    assert [await leave(post, secret), await leave(post, secret)] == [200, 200]
    assert (await ask(post, firm.colleague, "GET", "/choices"))[1]["colleagues"] == "inbox"
    await firm.happens(ReviewStarted)
    assert (len(post.mails(post.filer)), post.mails(firm.address)) == (1, [])
    assert len(await about_applications(post, firm.colleague)) == 2
    assert await post.service.journal_problems() == []


async def test_an_officer_leaves_the_mails_about_cases(post: MailClient) -> None:
    desk = await Desk(post).begin()
    invited = OfficerInvited.example(
        account_id=desk.officer.id,
        recipient=post.recipient(desk.address),
        sealed_link=post.sealer.seal("https://zairyu.example.jp/password/x"),
        sealed_login_id=post.sealer.seal("AB"),
    )
    await post.deliver(invited)
    await choose(post, desk.officer, cases="at_once")
    await desk.happens(CaseDeadlineReached, concern="standard_exceeded")
    assert await leave(post, link(post, desk.address)) == 200
    post.mailbox.clear()
    await desk.happens(AdditionalDocumentsSubmitted)
    assert post.mails(desk.address) == []


async def test_a_link_changes_nothing_that_its_reader_chose_since_and_a_made_up_one_nothing_at_all(
    post: MailClient,
) -> None:
    firm = await Firm(post).begin()
    await choose(post, firm.colleague, colleagues="at_once")
    await firm.file()
    secret = link(post, firm.address)
    assert secret is not None
    await choose(post, firm.colleague, colleagues="none")
    assert await leave(post, secret) == 200
    assert (await ask(post, firm.colleague, "GET", "/choices"))[1]["colleagues"] == "none"
    other = "b" if secret[0] == "a" else "a"
    for made_up in (other + secret[1:], secret[:-1] + other, secret.replace("-", ""), str(new_id()), "x" * 80):
        assert await leave(post, made_up) == 404, made_up
