"""Broadcasts: written and approved by two operators, handed over page by page, seen in the inbox, by mail and as
banners, and stopped."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from services.notification.address_book.store import Contact
from services.notification.broadcasts.commands import sending
from services.notification.broadcasts.commands.sending import BROADCAST_DUE, carry_on
from services.notification.broadcasts.domain import OF_AN_OFFICE, RESUMABLE
from services.notification.broadcasts.store import Broadcast, BroadcastRecipient
from services.notification.messages.store import Delivery, Notification
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    OfficerInvited,
    PasswordResetRequested,
    UsageRegistrationSubmitted,
)
from shared.ids import new_id
from shared.journal import journal
from shared.timers import timers
from shared.work import RequestIdentity
from tests.services.notification.conftest import START, MailClient, part
from tests.support import tokens

WRITER, APPROVER = tokens.officer(Role.OPERATOR), tokens.officer(Role.OPERATOR)
TEXTS = {
    "ja": {"title": "停止のお知らせ", "body": "7月5日に停止します。\n\n前日までに提出してください。"},
    "en": {"title": "No service on 5 July", "body": "The service stops on 5 July.\n\nSubmit the day before."},
    "vi": {"title": "Ngừng dịch vụ", "body": "Dịch vụ ngừng ngày 5 tháng 7."},
}
WANTED: dict[str, Any] = {"kind": "maintenance", "group": "everyone", "texts": TEXTS}


async def ask(post: MailClient, by: Actor, method: str, path: str = "", json: Any = None, **headers: str) -> Any:
    """The answer's status and body."""
    sent = tokens.bearer(by, post.clock) | {"Idempotency-Key": str(new_id())} | headers
    answer = await post.service.client.request(method, f"/v1/broadcasts{path}", headers=sent, json=json)
    return answer.status_code, answer.json()


async def written(post: MailClient, by: Actor = WRITER, **changes: Any) -> dict[str, Any]:
    status, body = await ask(post, by, "POST", json=WANTED | changes)
    assert status == 201, body
    found: dict[str, Any] = body
    return found


async def step(post: MailClient, by: Actor, broadcast: dict[str, Any], name: str, **body: Any) -> Any:
    given = body or {"revision": broadcast["revision"]}
    return await ask(post, by, "POST", f"/{broadcast['id']}/{name}", given)


async def approved(post: MailClient, **changes: Any) -> dict[str, Any]:
    broadcast = await written(post, **changes)
    assert (await step(post, WRITER, broadcast, "propose"))[0] == 200
    status, body = await step(post, APPROVER, broadcast, "approve")
    assert status == 200, body
    found: dict[str, Any] = body
    return found


async def carry(post: MailClient, broadcast: dict[str, Any], page: int = 2) -> int:
    """One step of the timer; the number of its timers that are set afterwards."""
    runtime, sender = post.service.app.state.runtime, post.sender
    async with runtime.commands.work(Actor.system("jobs"), RequestIdentity(request_id="timer")) as work:
        await work.session.execute(timers.delete().where(timers.c.kind == BROADCAST_DUE))
        await carry_on(work, UUID(broadcast["id"]), sender.wake_after_commit, page)
    async with post.service.db.read() as session:
        return int(await session.scalar(select(func.count()).where(timers.c.kind == BROADCAST_DUE)) or 0)


async def send(post: MailClient, broadcast: dict[str, Any]) -> None:
    """Carry it on until it is over, with the mails sent in between."""
    while await carry(post, broadcast):
        await post.send_all()


async def account(post: MailClient, *roles: Role, name: str = "", organisation_id: UUID | None = None) -> UUID:
    account_id = new_id()
    await post.deliver(
        AccountActivated.example(
            account_id=account_id,
            organisation_id=organisation_id,
            roles=tuple(role.value for role in roles or (Role.SELF,)),
            recipient=post.recipient(f"{name or account_id}-{post.name}@example.jp", "vi"),
            sealed_login_id=post.sealer.seal("AB12345678"),
            activated_at=post.clock.now(),
            told_by_mail=False,
        )
    )
    return account_id


def _banner() -> dict[str, str]:
    return {"from": (START + timedelta(hours=1)).isoformat(), "until": (START + timedelta(hours=9)).isoformat()}


async def recipients(post: MailClient) -> set[UUID]:
    async with post.service.db.read() as session:
        return set(await session.scalars(select(BroadcastRecipient.account_id)))


async def test_only_operators_reach_broadcasts(post: MailClient) -> None:
    broadcast = await written(post)
    for role in sorted(OFFICER_ROLES - {Role.OPERATOR}):
        assert (await ask(post, tokens.officer(role), "GET"))[0] == 403
        assert (await step(post, tokens.officer(role), broadcast, "approve"))[0] == 403
    assert (await ask(post, tokens.person(Role.SELF), "GET", f"/{broadcast['id']}"))[0] == 403
    assert (await ask(post, APPROVER, "GET"))[1]["items"] == [broadcast]


async def test_nobody_approves_what_they_wrote_or_did_not_read(post: MailClient) -> None:
    broadcast = await written(post)
    third = tokens.officer(Role.OPERATOR)
    assert (await step(post, APPROVER, broadcast, "approve"))[1]["code"] == "step-not-possible"
    # Another operator changes it, and a third one proposes it.
    changed = WANTED | {"kind": "law"}
    assert (await ask(post, APPROVER, "PUT", f"/{broadcast['id']}", changed))[1]["code"] == "if-match-required"
    status, newer = await ask(post, APPROVER, "PUT", f"/{broadcast['id']}", changed, **{"If-Match": '"1"'})
    assert (status, newer["revision"]) == (200, 2)
    assert (await step(post, third, broadcast, "propose"))[1]["code"] == "not-the-latest"
    assert (await step(post, third, newer, "propose"))[0] == 200
    for writer in (WRITER, APPROVER, third):
        status, problem = await step(post, writer, newer, "approve")
        assert (status, problem["code"]) == (403, "four-eyes")
    fourth = tokens.officer(Role.OPERATOR)
    assert (await step(post, fourth, broadcast, "approve"))[1]["code"] == "not-the-latest"
    assert (await step(post, fourth, newer, "send-back", reason="英語を直してください"))[1]["state"] == "draft"
    assert (await step(post, fourth, newer, "approve"))[1]["code"] == "step-not-possible"
    _, shown = await ask(post, fourth, "GET", f"/{broadcast['id']}")
    assert shown["returned_reason"] == "英語を直してください"
    actions = [line["action"] for line in shown["history"]]
    assert actions == [f"broadcast:{name}" for name in ("write", "change", "propose", "send_back")]
    assert await post.service.journal_problems() == []


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("proposed", "approved_by = proposed_by, approved_at = now(), state = 'scheduled'"),
        ("proposed", "writers = ARRAY[gen_random_uuid()]"),
        ("proposed", "texts = texts || '{\"ja\": {}}'"),
        ("proposed", "state = 'sending', started_at = now(), recipients = 0"),
        ("draft", "state = 'scheduled'"),
        ("draft", "texts = '{}'"),
        ("scheduled", "texts = texts || '{\"ja\": {}}'"),
        ("scheduled", "approved_by = gen_random_uuid()"),
        ("scheduled", "resumable_until = now()"),
        ("stopped", "state = 'scheduled', stopped_by = NULL, stopped_reason = NULL, ended_at = NULL"),
        ("stopped", "resumable_until = now()"),
        ("scheduled", "state = 'draft', approved_by = NULL, approved_at = NULL"),
    ],
)
async def test_the_database_itself_refuses_what_no_second_operator_approved(
    post: MailClient, state: str, change: str
) -> None:
    broadcast = await written(post) if state != "scheduled" else await approved(post)
    if state in ("proposed", "stopped"):
        await step(post, WRITER, broadcast, "propose")
    if state == "stopped":
        await step(post, WRITER, broadcast, "stop", reason="x")
    with pytest.raises(IntegrityError, match=r"broadcast|approval|proposed"):
        async with post.service.db.transaction() as session:
            await session.execute(text(f"UPDATE broadcasts SET {change}"))


async def test_two_accounts_of_one_human_are_two_eyes(post: MailClient) -> None:
    first, second = (replace(tokens.officer(Role.OPERATOR), person="the same") for _ in range(2))
    broadcast = await written(post, first)
    await step(post, first, broadcast, "propose")
    assert (await step(post, second, broadcast, "approve"))[1]["code"] == "four-eyes"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"texts": {"ja": TEXTS["ja"]}}, "", "language-missing"),
        ({"texts": TEXTS | {"fr": TEXTS["en"]}}, "/texts/fr", ""),
        ({"texts": TEXTS | {"ko": {"title": "x" * 61, "body": "x"}}}, "/texts/ko/title", "too-long"),
        ({"group": "office"}, "", "codes-of-group"),
        ({"codes": ["TYO"]}, "", "codes-of-group"),
        ({"group": "office", "codes": ["TYO", "NOWHERE"]}, "/codes/1", "unknown-code"),
        ({"group": "user_class", "codes": ["operator"]}, "/codes/0", "unknown-code"),
        ({"banner": {"from": "2026-07-02T00:00:00Z", "until": "2026-07-01T00:00:00Z"}}, "/banner", "until-before-from"),
        ({"send_at": "2026-07-02T00:00:00"}, "/send_at", ""),
    ],
)
async def test_a_broadcast_with_a_mistake_is_refused_at_its_field(
    post: MailClient, changes: dict[str, Any], pointer: str, code: str
) -> None:
    status, problem = await ask(post, WRITER, "POST", json=WANTED | changes)
    assert status == 422
    found = [(each["pointer"], each["code"]) for each in problem["errors"]]
    assert any(at.startswith(pointer) and (not code or code == of) for at, of in found), found


async def test_groups_are_those_who_can_act_now(post: MailClient) -> None:
    staff = await account(post, Role.ORG_STAFF, organisation_id=new_id())
    self_ = await account(post, Role.SELF)
    suspended, closed = await account(post), await account(post)
    gone = post.recipient(f"gone-{post.name}@example.jp")
    later = START + timedelta(minutes=1)
    await post.deliver(AccountSuspended.example(account_id=suspended, recipient=gone, suspended_at=later))
    await post.deliver(AccountClosed.example(account_id=closed, recipient=gone, closed_at=later))
    officer = new_id()
    address = post.recipient(f"officer-{post.name}@example.go.jp")
    await post.deliver(
        OfficerInvited.example(
            account_id=officer,
            office="OSA",
            roles=("examiner",),
            recipient=address,
            sealed_login_id=post.sealer.seal("examiner.osa"),
            sealed_link=post.sealer.seal("https://zairyu.example.jp/password/x"),
        )
    )
    only_registered = new_id()
    for registering in (staff, only_registered):
        await post.deliver(UsageRegistrationSubmitted.example(account_id=registering, office="OSA", recipient=address))
    filed = ApplicationSubmitted.example(account_id=self_, applicant=None, procedure="EXTEND")
    ended = ApplicationSubmitted.example(account_id=staff, applicant=None, procedure="EXTEND", application_id=new_id())
    for each in (filed, ended):
        await post.deliver(each)
    await post.deliver(ApplicationWithdrawn.example(application_id=ended.application_id))
    groups: dict[tuple[str, tuple[str, ...]], set[UUID]] = {
        ("everyone", ()): {staff, self_, officer},
        ("officers", ()): {officer},
        ("user_class", ("org_staff", "rso_staff")): {staff},
        ("office", ("OSA",)): {staff},
        ("office", ("TYO",)): set(),
        ("procedure", ("EXTEND",)): {self_},
        ("procedure", ("CHANGE",)): set(),
    }
    assert Role.SELF.value not in OF_AN_OFFICE
    for (group, codes), expected in groups.items():
        broadcast = await approved(post, group=group, codes=list(codes))
        _, shown = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
        assert shown["in_group_now"] == len(expected), (group, codes)
        await carry(post, broadcast)
        async with post.service.db.read() as session:
            of = BroadcastRecipient.broadcast_id == UUID(broadcast["id"])
            assert set(await session.scalars(select(BroadcastRecipient.account_id).where(of))) == expected


async def test_it_begins_at_its_time_and_reaches_everybody_once(post: MailClient) -> None:
    accounts = {await account(post) for _ in range(5)}
    broadcast = await approved(post, send_at=(START + timedelta(hours=1)).isoformat())
    assert await carry(post, broadcast) == 1, "the timer waits for its time"
    assert await recipients(post) == set()
    post.clock.advance(timedelta(hours=1))
    await carry(post, broadcast)
    latecomer = await account(post)
    await carry(post, broadcast)
    _, halfway = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert (halfway["state"], halfway["recipients"], halfway["handed_over"]) == ("sending", 5, 2)
    # Somebody closes the account before their turn.
    async with post.service.db.read() as session:
        last = await session.scalar(
            select(BroadcastRecipient.account_id).order_by(BroadcastRecipient.account_id.desc()).limit(1)
        )
    await post.deliver(
        AccountClosed.example(account_id=last, recipient=post.recipient(post.filer), closed_at=post.clock.now())
    )
    await send(post, broadcast)
    _, done = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert (done["state"], done["handed_over"], done["left_out"]) == ("sent", 4, 1)
    assert done["mails"] == {"waiting": 0, "sent": 0, "failed": 0, "inbox_only": 4}
    for reader in accounts - {last, latecomer}:
        person = replace(tokens.person(Role.SELF), id=reader)
        headers = tokens.bearer(person, post.clock) | {"Accept-Language": "vi"}
        page = (await post.service.client.get("/v1/inbox", headers=headers)).json()
        (item,) = [each for each in page["items"] if each["template"] == "broadcast"]
        assert item["subject"] == {
            "ja": "お知らせ：停止のお知らせ",
            "en": "Notice: No service on 5 July",
            "vi": "Thông báo: Ngừng dịch vụ",
        }
        message = (await post.service.client.get(f"/v1/inbox/{item['id']}", headers=headers)).json()
        assert "Dịch vụ ngừng ngày 5 tháng 7." in message["text"]["vi"]
    assert await post.service.journal_problems() == []


async def test_mails_go_behind_links_and_are_in_the_readers_language(post: MailClient) -> None:
    for name in ("a", "b", "c"):
        await account(post, name=name)
    broadcast = await approved(post, by_mail=True, texts={lang: TEXTS[lang] for lang in ("ja", "en")})
    await carry(post, broadcast)
    await carry(post, broadcast, page=10)
    post.clock.advance(timedelta(seconds=1))
    await post.deliver(
        PasswordResetRequested.example(
            recipient=post.recipient(post.filer),
            sealed_link=post.sealer.seal("https://zairyu.example.jp/password/x"),
            link_expires_at=post.clock.now() + timedelta(hours=1),
        )
    )
    post.sender._channels["mail"]._concurrency = 1  # type: ignore[attr-defined]
    await post.sender.send_due()
    assert len(post.mails(post.filer)) == 1, "the link is first, though the broadcast waits longer"
    assert not any(post.mails(f"{name}-{post.name}@example.jp") for name in ("a", "b", "c"))
    await send(post, broadcast)
    for name in ("a", "b", "c"):
        (mail,) = post.mails(f"{name}-{post.name}@example.jp")
        assert "No service on 5 July" in mail["Subject"]
        body = part(mail, "plain")
        assert "Thông báo này không có bản tiếng Việt" in body
        assert "7月5日に停止します。" in body
    _, done = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert (done["state"], done["mails"]["sent"]) == ("sent", 3)
    assert await post.service.journal_problems() == []


async def test_a_stop_leaves_what_was_sent_and_sends_nothing_more(post: MailClient) -> None:
    for name in ("a", "b", "c", "d", "e"):
        await account(post, name=name)
    broadcast = await approved(post, by_mail=True)
    for _ in range(2):
        await carry(post, broadcast)
    await post.send_all()
    await carry(post, broadcast)
    status, stopped = await step(post, WRITER, broadcast, "stop", reason="日付の誤り")
    assert (status, stopped["state"], stopped["handed_over"]) == (200, "stopped", 4)
    assert await carry(post, broadcast) == 0
    await post.send_all()
    _, shown = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert shown["mails"] == {"waiting": 0, "sent": 2, "failed": 0, "inbox_only": 2}
    assert sum(len(post.mails(f"{name}-{post.name}@example.jp")) for name in ("a", "b", "c", "d", "e")) == 2
    assert (await step(post, WRITER, broadcast, "stop", reason="again"))[1]["code"] == "step-not-possible"
    assert await post.service.journal_problems() == []


async def test_a_mail_that_was_under_way_at_a_stop_is_not_tried_again(post: MailClient) -> None:
    await account(post, name="a")
    address = f"a-{post.name}@example.jp"
    broadcast = await approved(post, by_mail=True)
    for _ in range(2):
        await carry(post, broadcast)
    async with post.service.db.transaction() as session:
        await session.execute(update(Delivery).values(state="sending", claimed_by=1))
    await step(post, WRITER, broadcast, "stop", reason="日付の誤り")
    assert await carry(post, broadcast) == 1, "it is looked at again"
    async with post.service.db.transaction() as session:
        await session.execute(update(Delivery).values(state="waiting", claimed_by=None))
    assert await carry(post, broadcast) == 0
    await post.send_all()
    assert post.mails(address) == []
    async with post.service.db.read() as session:
        assert await session.scalar(select(Notification.state)) == "inbox"


async def test_a_resumed_broadcast_reaches_the_others_and_nobody_twice(post: MailClient) -> None:
    names = ("a", "b", "c", "d", "e", "f")
    accounts = [await account(post, name=name) for name in names]
    broadcast = await approved(post, by_mail=True, banner=_banner())
    for _ in range(2):
        await carry(post, broadcast)
    await post.send_all()
    await carry(post, broadcast)
    _, stopped = await step(post, WRITER, broadcast, "stop", reason="日付の確認")
    assert stopped["resumable_until"] == (START + RESUMABLE).isoformat().replace("+00:00", "Z")
    # One of those whose mail was withdrawn closes the account, another one has another address since.
    async with post.service.db.read() as session:
        query = select(Notification.account_id).where(Notification.state == "inbox").order_by(Notification.account_id)
        left, moved = (names[accounts.index(one)] for one in await session.scalars(query))
    post.clock.advance(timedelta(hours=2))
    gone = post.recipient(f"{left}-{post.name}@example.jp")
    await post.deliver(
        AccountClosed.example(account_id=accounts[names.index(left)], recipient=gone, closed_at=post.clock.now())
    )
    async with post.service.db.transaction() as session:
        new = post.sealer.seal(f"new-{post.name}@example.jp")
        of = Contact.account_id == accounts[names.index(moved)]
        await session.execute(update(Contact).where(of).values(sealed_address=new))
    status, resumed = await step(post, APPROVER, broadcast, "resume", reason="日付は正しい")
    assert (status, resumed["state"], resumed["stopped_reason"], resumed["ended_at"]) == (200, "scheduled", None, None)
    assert len((await post.service.client.get("/v1/banners")).json()) == 1
    assert (await step(post, APPROVER, broadcast, "resume", reason="again"))[1]["code"] == "step-not-possible"
    await send(post, broadcast)
    _, done = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert (done["state"], done["handed_over"], done["left_out"]) == ("sent", 6, 0)
    assert done["mails"] == {"waiting": 0, "sent": 5, "failed": 0, "inbox_only": 1}
    title = TEXTS["vi"]["title"]
    mails = {name: post.mails(f"{name}-{post.name}@example.jp") for name in (*names, "new")}
    found = {name: sum(title in mail["Subject"] for mail in to) for name, to in mails.items()}
    assert found == dict.fromkeys(names, 1) | {left: 0, moved: 0, "new": 1}
    assert await post.service.journal_problems() == []


async def test_a_broadcast_that_is_resumed_before_its_time_waits_for_it(post: MailClient) -> None:
    await account(post)
    broadcast = await approved(post, send_at=(START + timedelta(hours=1)).isoformat())
    await step(post, WRITER, broadcast, "stop", reason="x")
    assert (await step(post, WRITER, broadcast, "resume", reason="x"))[0] == 200
    assert await carry(post, broadcast) == 1
    assert await recipients(post) == set()
    post.clock.advance(timedelta(hours=1))
    await send(post, broadcast)
    assert (await ask(post, WRITER, "GET", f"/{broadcast['id']}"))[1]["handed_over"] == 1


async def test_what_was_not_approved_or_stopped_long_ago_cannot_be_resumed(post: MailClient) -> None:
    await account(post)
    draft, broadcast = await written(post), await approved(post)
    await carry(post, broadcast)
    for each in (draft, broadcast):
        await step(post, WRITER, each, "stop", reason="x")
    assert (await step(post, WRITER, draft, "resume", reason="x"))[1]["code"] == "not-resumable"
    post.clock.advance(RESUMABLE - timedelta(seconds=1))
    await post.run_job("erase_broadcast_lists")
    assert len(await recipients(post)) == 1, "the list is kept while it can be resumed"
    post.clock.advance(timedelta(seconds=1))
    assert (await step(post, WRITER, broadcast, "resume", reason="x"))[1]["code"] == "not-resumable"
    await post.run_job("erase_broadcast_lists")
    assert await recipients(post) == set()


async def test_a_domain_that_puts_mails_off_holds_up_nobody_else(
    post: MailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_MOST_DUE", 1)
    monkeypatch.setattr(sending, "_MOST_LATER", 2)
    for _ in range(4):
        await account(post)
    broadcast = await approved(post, by_mail=True)

    async def handed_over() -> int:
        await carry(post, broadcast, page=1)
        return int((await ask(post, WRITER, "GET", f"/{broadcast['id']}"))[1]["handed_over"])

    assert [await handed_over() for _ in range(3)] == [0, 1, 1], "a mail that is due is sent before the next is made"
    later = update(Delivery).values(next_try_at=post.clock.now() + timedelta(minutes=30))
    found = []
    for _ in range(3):
        async with post.service.db.transaction() as session:
            await session.execute(later)
        found.append(await handed_over())
    assert found == [2, 2, 2], "one that was put off is not waited for, until there are many"
    post.clock.advance(timedelta(minutes=20))
    await post.run_job("measure_waiting")
    assert REGISTRY.get_sample_value("zairyu_notifications_oldest_seconds") == 0, "none is due"
    await step(post, WRITER, broadcast, "stop", reason="日付の誤り")
    _, stopped = await ask(post, WRITER, "GET", f"/{broadcast['id']}")
    assert stopped["mails"] == {"waiting": 0, "sent": 0, "failed": 0, "inbox_only": 2}


async def test_the_list_of_recipients_is_erased_after_the_end(post: MailClient) -> None:
    reader = await account(post)
    done, going_on = await approved(post), await approved(post)
    await send(post, done)
    await carry(post, going_on)
    await post.run_job("erase_broadcast_lists")
    async with post.service.db.read() as session:
        left = list(await session.scalars(select(BroadcastRecipient)))
    assert [(str(row.broadcast_id), row.account_id) for row in left] == [(going_on["id"], reader)]


async def test_banners_are_those_of_approved_broadcasts_until_they_are_taken_down(post: MailClient) -> None:
    async def banners() -> list[Any]:
        return list((await post.service.client.get("/v1/banners")).json())

    time = _banner()
    await written(post, banner=time)
    assert await banners() == []
    broadcast = await approved(post, banner=time)
    (banner,) = await banners()
    assert (banner["group"], banner["texts"]["vi"]["title"]) == ("everyone", "Ngừng dịch vụ")
    await send(post, broadcast)
    assert len(await banners()) == 1
    assert (await step(post, WRITER, broadcast, "end-banner", reason="終わりました"))[0] == 200
    assert await banners() == []
    again = await approved(post, banner=time)
    post.clock.advance(timedelta(hours=9))
    assert await banners() == []
    status, problem = await ask(
        post, WRITER, "POST", json=WANTED | {"group": "procedure", "codes": ["EXTEND"], "banner": time}
    )
    assert (status, problem["errors"][0]["code"]) == (422, "no-banner-for-group")
    assert (await step(post, WRITER, again, "stop", reason="x"))[0] == 200


async def test_what_is_approved_after_its_time_is_refused(post: MailClient) -> None:
    broadcast = await written(post, send_at=(START + timedelta(minutes=5)).isoformat())
    await step(post, WRITER, broadcast, "propose")
    post.clock.advance(timedelta(minutes=5))
    status, problem = await step(post, APPROVER, broadcast, "approve")
    assert (status, problem["code"]) == (409, "too-late")


async def test_a_timer_that_was_lost_is_set_again(post: MailClient) -> None:
    await account(post)
    broadcast = await approved(post)
    async with post.service.db.transaction() as session:
        await session.execute(timers.delete())
    post.clock.advance(timedelta(minutes=11))
    await post.run_job("late_broadcasts")
    async with post.service.db.read() as session:
        found = await session.scalar(select(timers.c.subject_id).where(timers.c.kind == BROADCAST_DUE))
    assert str(found) == broadcast["id"]


async def test_a_preview_shows_each_language_as_its_reader_gets_it(post: MailClient) -> None:
    broadcast = await written(post)
    for language, words in (("vi", "Ngừng dịch vụ"), ("ko", "No service on 5 July"), ("ja-simple", "停止のお知らせ")):
        _, shown = await ask(post, APPROVER, "GET", f"/{broadcast['id']}/preview?language={language}")
        assert words in shown["subject"]
        assert words in shown["text"]
        assert words in shown["html"]
    async with post.service.db.read() as session:
        lines = await session.scalar(select(func.count()).where(journal.c.aggregate == "broadcast"))
        state = await session.scalar(select(Broadcast.state))
    assert (lines, state) == (1, "draft")
