"""The audiences beside those who filed: colleagues who chose so, and the officer who has the case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.notification.messages.store import Notification
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationHandedOver,
    ApplicationSubmitted,
    MoreTimeRequested,
)
from shared.events.base import Event
from shared.events.registration import AccountActivated, AccountSuspended, MembershipEnded, OfficerInvited
from shared.events.review import FeePaid, ReviewStarted
from shared.events.review_allocation import CaseAllocated, CaseDeadlineReached
from shared.ids import new_id
from shared.messaging import NotYet
from tests.services.notification.conftest import MailClient, part
from tests.services.notification.test_inbox import ask, inbox
from tests.support import tokens


async def joins(post: MailClient, actor: Actor, address: str, *roles: Role) -> None:
    """The account of `actor` is activated for their organisation, in `roles` or else the role of their token."""
    names = [role.value for role in roles or actor.roles]
    await post.deliver(
        AccountActivated.example(
            account_id=actor.id,
            organisation_id=actor.organisation_id,
            role=names[0],
            roles=tuple(names),
            recipient=post.recipient(address),
            sealed_login_id=post.sealer.seal("AB12345678"),
            activated_at=post.clock.now(),
        )
    )


async def about_applications(post: MailClient, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    """The inbox without messages about the account itself."""
    return [one for one in await inbox(post, actor, **query) if one["application_id"]]


async def choose(post: MailClient, actor: Actor, **wanted: str) -> tuple[int, Any]:
    return await ask(post, actor, "PUT", "/choices", json=wanted)


class Firm:
    """An organisation with a filer and a colleague, and an application of the filer."""

    def __init__(self, post: MailClient) -> None:
        self.post = post
        self.filer = tokens.person(Role.ORG_STAFF, organisation=True)
        self.colleague = replace(self.filer, id=new_id(), session_id=new_id())
        self.address = f"colleague-{post.name}@example.jp"
        self.application = new_id()

    async def begin(self) -> "Firm":
        await joins(self.post, self.filer, self.post.filer)
        await joins(self.post, self.colleague, self.address)
        await self.settle()
        return self

    async def settle(self) -> None:
        await self.post.send_all()
        self.post.mailbox.clear()
        self.post.clock.advance(timedelta(minutes=1))

    async def file(self) -> None:
        await self.post.deliver(
            ApplicationSubmitted.example(
                application_id=self.application,
                account_id=self.filer.id,
                owner_id=self.filer.organisation_id,
                organisation_id=self.filer.organisation_id,
                role=Role.ORG_STAFF.value,
                applicant=None,
            )
        )
        await self.post.send_all()

    async def happens(self, event: type[Event]) -> None:
        await self.post.deliver(event.example(application_id=self.application, account_id=self.filer.id))
        await self.post.send_all()


async def test_a_colleague_who_chose_so_is_informed_and_nobody_else(post: MailClient) -> None:
    firm = await Firm(post).begin()
    assert await ask(post, firm.colleague, "GET", "/choices") == (
        200,
        {"own": "at_once", "colleagues": "none", "cases": None},
    )
    await firm.file()
    assert len(post.mails(post.filer)) == 1 and post.mails(firm.address) == []
    await firm.settle()
    status, chosen = await choose(post, firm.colleague, colleagues="at_once")
    assert (status, chosen["colleagues"]) == (200, "at_once")
    await firm.happens(ReviewStarted)
    assert len(post.mails(post.filer)) == 1
    (mail,) = post.mails(firm.address)
    assert "東オンＥＮ26000001" in part(mail, "plain")
    (received,) = await about_applications(post, firm.colleague)
    assert (received["template"], received["own"]) == ("review_started", True)
    everyone = await about_applications(post, firm.colleague, everyone=True)
    assert [one["template"] for one in everyone] == ["review_started", "application_received"], "each once"
    # The filer's own inbox has the own messages alone.
    assert len(await about_applications(post, firm.filer, everyone=True)) == 2
    assert await post.service.journal_problems() == []


@pytest.mark.parametrize("ending", ["membership", "suspension", "other roles"])
async def test_who_no_longer_acts_for_the_organisation_gets_nothing_more(post: MailClient, ending: str) -> None:
    firm = await Firm(post).begin()
    await choose(post, firm.colleague, colleagues="at_once")
    await firm.file()
    assert len(post.mails(firm.address)) == 1
    await firm.settle()
    colleague, organisation, now = firm.colleague.id, firm.colleague.organisation_id, post.clock.now()
    if ending == "membership":
        left = {"account_id": colleague, "organisation_id": organisation, "role": "org_staff", "ended_at": now}
        await post.deliver(MembershipEnded.example(**left))
    elif ending == "suspension":
        stopped = {"account_id": colleague, "recipient": post.recipient(firm.address), "suspended_at": now}
        await post.deliver(AccountSuspended.example(**stopped))
    else:
        await joins(post, firm.colleague, firm.address, Role.RSO_STAFF)
    await firm.settle()
    await firm.happens(FeePaid)
    assert post.mails(firm.address) == []
    assert len(post.mails(post.filer)) == 1


async def test_news_go_to_the_colleague_to_whom_an_application_was_handed_over(post: MailClient) -> None:
    """Also where review has not heard of it yet. Each gets one message, however many went with it, from anybody."""
    firm = await Firm(post).begin()
    await firm.file()
    await firm.settle()
    second, first = new_id(), firm.application
    for firm.application in (second, first):
        await firm.file()
    await firm.settle()
    to_colleague = {"account_id": firm.colleague.id, "account_before": firm.filer.id}
    numbers = {"together_with": ("東オンＥＮ26000002",), "account_together_with": ("東オンＥＮ26000002",)}
    for application_id, more in ((first, numbers), (second, {"told_by_mail": False, "informs_account": False})):
        await post.deliver(ApplicationHandedOver.example(application_id=application_id, **to_colleague, **more))
    await post.send_all()
    for address, subject in (
        (firm.address, "申請の担当者になりました（2件）"),
        (post.filer, "申請の担当者が変わりました（2件）"),
    ):
        (mail,) = post.mails(address)
        assert subject in mail["Subject"] and "東オンＥＮ26000002" in part(mail, "plain")
    await firm.settle()
    for firm.application in (first, second):
        await firm.happens(ReviewStarted)
    assert (len(post.mails(firm.address)), post.mails(post.filer)) == (2, [])
    assert await post.service.journal_problems() == []


async def test_everybody_of_the_role_is_informed_where_the_person_in_charge_has_left(post: MailClient) -> None:
    """Until somebody takes it over; where nobody else is there, the one who has left. Each once, also those who chose
    to be informed of what their colleagues file."""
    firm = await Firm(post).begin()
    await choose(post, firm.colleague, colleagues="at_once")
    await firm.file()
    await firm.settle()
    left = {"organisation_id": firm.filer.organisation_id, "role": "org_staff"}
    await post.deliver(MembershipEnded.example(account_id=firm.filer.id, ended_at=post.clock.now(), **left))
    await firm.settle()
    await firm.happens(ReviewStarted)
    assert (len(post.mails(firm.address)), post.mails(post.filer)) == (1, [])
    taken = {"account_id": firm.colleague.id, "account_before": firm.filer.id, "application_id": firm.application}
    await post.deliver(ApplicationHandedOver.example(**taken))
    await firm.settle()
    await firm.happens(FeePaid)
    assert (len(post.mails(firm.address)), post.mails(post.filer)) == (1, [])
    await post.deliver(MembershipEnded.example(account_id=firm.colleague.id, ended_at=post.clock.now(), **left))
    await firm.settle()
    await firm.happens(FeePaid)
    assert (len(post.mails(firm.address)), post.mails(post.filer)) == (1, [])


async def test_another_organisation_or_role_learns_nothing(post: MailClient) -> None:
    firm = await Firm(post).begin()
    strangers = [
        tokens.person(Role.ORG_STAFF, organisation=True),
        replace(firm.filer, id=new_id(), session_id=new_id(), roles=frozenset({Role.RSO_STAFF})),
    ]
    for number, stranger in enumerate(strangers):
        await joins(post, stranger, f"stranger{number}-{post.name}@example.jp")
        assert (await choose(post, stranger, colleagues="at_once"))[0] == 200
    await firm.settle()
    await firm.file()
    assert len(post.mailbox.messages()) == 1
    for stranger in strangers:
        assert await about_applications(post, stranger) == []


async def test_several_people_with_one_mailbox_get_one_mail_and_an_inbox_each(post: MailClient) -> None:
    firm = Firm(post)
    firm.address = post.filer.upper()
    await firm.begin()
    await choose(post, firm.colleague, colleagues="at_once")
    await firm.file()
    assert len(post.mailbox.messages()) == 1
    assert len(await about_applications(post, firm.colleague)) == 1


async def test_an_event_that_comes_again_informs_nobody_twice(post: MailClient) -> None:
    firm = await Firm(post).begin()
    await choose(post, firm.colleague, colleagues="inbox")
    await firm.file()
    event = FeePaid.example(application_id=firm.application, account_id=firm.filer.id)
    event_id = await post.deliver(event)
    await choose(post, firm.colleague, colleagues="at_once")
    await post.deliver(event, event_id)
    async with post.service.db.read() as session:
        query = select(Notification).where(Notification.cause_event_id == event_id)
        rows = (await session.scalars(query)).all()
    assert sorted((row.party, row.state) for row in rows) == [("account", "created"), ("colleague", "inbox")]


async def test_what_is_not_offered_is_refused_with_what_is(post: MailClient) -> None:
    person, officer = tokens.person(Role.SELF), tokens.officer(Role.EXAMINER)
    for actor, wanted, field in (
        (person, {"colleagues": "at_once"}, "/colleagues"),
        (person, {"own": "none"}, "/own"),
        (person, {"cases": "inbox"}, "/cases"),
        (officer, {"own": "at_once"}, "/own"),
    ):
        status, body = await choose(post, actor, **wanted)
        assert (status, body["errors"][0]["pointer"]) == (422, field)
    assert (await choose(post, person, own="weekly"))[0] == 422
    client = replace(person, scopes=frozenset({"notification:read", "notification:write"}))
    assert (await choose(post, client, own="morning"))[0] == 403
    assert (await choose(post, person, own="morning"))[1]["own"] == "morning"
    assert (await choose(post, person))[1]["own"] == "morning", "what is left out stays"
    assert (await ask(post, tokens.person(Role.SELF), "GET", "/choices"))[1]["own"] == "at_once"


class Desk:
    """A filed application whose case an officer has."""

    def __init__(self, post: MailClient) -> None:
        self.post = post
        self.account, self.application, self.case = new_id(), new_id(), new_id()
        self.officer = tokens.officer(Role.EXAMINER)
        self.address = f"officer-{post.name}@example.go.jp"

    async def begin(self) -> "Desk":
        await self.post.know(self.account, self.application)
        await self.give(self.officer.id)
        return self

    async def give(self, officer_id: UUID | None) -> None:
        allocated = CaseAllocated.example(
            case_id=self.case,
            application_id=self.application,
            examiner_id=officer_id,
            allocated_at=self.post.clock.now(),
        )
        await self.post.deliver(allocated)

    async def happens(self, event: type[Event], **changes: Any) -> None:
        of = {"application_id": self.application} | changes
        if "account_id" in event.model_fields:
            of["account_id"] = self.account
        await self.post.deliver(event.example(**of))
        await self.post.send_all()


async def test_the_officer_who_has_the_case_finds_it_in_the_inbox_and_gets_no_mail(post: MailClient) -> None:
    desk = await Desk(post).begin()
    await desk.happens(AdditionalDocumentsSubmitted)
    assert len(post.mails(post.filer)) == 1, "the filer's receipt"
    assert len(post.mailbox.messages()) == 1
    (message,) = await inbox(post, desk.officer)
    assert message["subject"] == {
        "ja": "追加資料が提出されました（東オンＥＮ26000001）",
        "en": "Additional documents submitted (東オンＥＮ26000001)",
    }
    assert (message["case_id"], message["read_at"]) == (str(desk.case), None)
    assert await ask(post, desk.officer, "GET", "/unread") == (200, {"count": 1, "more": False})
    assert (await ask(post, desk.officer, "POST", f"/{message['id']}/read"))[0] == 200
    assert await ask(post, desk.officer, "GET", "/unread") == (200, {"count": 0, "more": False})
    for role in sorted(OFFICER_ROLES):
        other = tokens.officer(role)
        has_cases = role in (Role.EXAMINER, Role.CHIEF_EXAMINER)
        assert (await ask(post, other, "GET", f"/{message['id']}"))[0] == 404
        assert (await ask(post, other, "GET", "/choices"))[0] == (200 if has_cases else 403)
    assert await inbox(post, tokens.officer(Role.EXAMINER)) == []


async def test_what_officers_are_told_is_nothing_to_those_who_filed(post: MailClient) -> None:
    filer = tokens.person(Role.ORG_STAFF, organisation=True)
    desk = Desk(post)
    assert filer.id is not None
    desk.account = filer.id
    await post.know(desk.account)
    await post.deliver(
        ApplicationSubmitted.example(
            application_id=desk.application,
            account_id=filer.id,
            owner_id=filer.organisation_id,
            role="org_staff",
            applicant=post.recipient(post.applicant, "en"),
        )
    )
    await desk.give(desk.officer.id)
    await desk.happens(MoreTimeRequested)
    assert len(await inbox(post, desk.officer)) == 1
    headers = tokens.bearer(filer, post.clock)
    listed = (await post.service.client.get("/v1/notifications", headers=headers)).json()["items"]
    assert {one["party"] for one in listed} <= {"account", "applicant"}
    assert {one["template"] for one in await about_applications(post, filer, everyone=True)} == {"application_received"}


async def test_a_case_that_changes_hands_informs_the_new_officer_and_without_one_nobody(post: MailClient) -> None:
    desk = await Desk(post).begin()
    second = tokens.officer(Role.EXAMINER)
    await desk.give(second.id)
    await desk.happens(CaseDeadlineReached, concern="special_7")
    await desk.give(None)
    await desk.happens(CaseDeadlineReached, concern="special_1")
    assert await inbox(post, desk.officer) == []
    (message,) = await inbox(post, second)
    assert message["subject"]["en"].startswith("Special period ends within 7 days")


async def test_an_officer_who_chose_mail_gets_it_at_the_address_of_the_invitation(post: MailClient) -> None:
    desk = await Desk(post).begin()
    invited = OfficerInvited.example(
        account_id=desk.officer.id,
        recipient=post.recipient(desk.address),
        sealed_link=post.sealer.seal("https://zairyu.example.jp/password/x"),
        link_expires_at=post.clock.now() + timedelta(days=1),
        sealed_login_id=post.sealer.seal("AB"),
    )
    await post.deliver(invited)
    await post.send_all()
    post.mailbox.clear()
    assert (await choose(post, desk.officer, cases="at_once"))[0] == 200
    await desk.happens(CaseDeadlineReached, concern="standard_exceeded")
    (mail,) = post.mails(desk.address)
    assert "/desk/inbox" in part(mail, "plain")


async def test_a_case_that_overtakes_its_application_is_tried_again(post: MailClient) -> None:
    with pytest.raises(NotYet):
        await post.deliver(CaseAllocated.example(application_id=new_id()))
