"""The morning's summary: what waits, when it is sent, and that nothing is lost or comes twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from services.notification.address_book.domain import next_morning
from services.notification.jobs import timers as timer_handlers
from services.notification.messages.store import Delivery, Notification
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted, BulkImportFinished, FiledRow
from shared.events.registration import AccountClosed, EmailChanged, PasswordResetRequested
from shared.events.review import CardMailed, FeePaid, InterviewSoon, ReviewStarted
from shared.ids import new_id
from shared.timers import TimerWorker, timers
from tests.services.notification.conftest import MailClient, part
from tests.services.notification.test_audiences import choose
from tests.services.notification.test_inbox import ask, inbox
from tests.services.notification.test_notify import example
from tests.support import tokens

EIGHT = datetime(2026, 7, 1, 23, tzinfo=UTC)  # 2 July, 8:00 in Japan


class Reader:
    """Somebody who wants one mail in the morning, with an application."""

    def __init__(self, post: MailClient) -> None:
        self.post = post
        self.actor: Actor = tokens.person(Role.SELF)
        self.application = new_id()

    @property
    def id(self) -> UUID:
        assert self.actor.id is not None
        return self.actor.id

    async def begin(self) -> "Reader":
        await self.post.know(self.id)
        filed = {"account_id": self.id, "owner_id": self.id, "role": "self", "application_id": self.application}
        applicant = self.post.recipient(self.post.applicant, "en")
        await self.post.deliver(ApplicationSubmitted.example(**filed, applicant=applicant))
        await self.post.send_all()
        self.post.mailbox.clear()
        assert (await choose(self.post, self.actor, own="morning"))[0] == 200
        return self

    async def happens(self, *events: Any) -> None:
        for event in events:
            of = {"application_id": self.application, "account_id": self.id}
            await self.post.deliver(example(self.post, event, **of))
            self.post.clock.advance(timedelta(minutes=1))
        await self.post.send_all()


def worker(post: MailClient) -> TimerWorker:
    """The timers of a process, for the summaries alone."""
    state = post.service.app.state
    handlers = timer_handlers(state.channels, state.sender.wake_after_commit)
    return TimerWorker(state.runtime.commands, handlers)


async def ring(post: MailClient) -> int:
    """Work through the timers that are due, and send; how many there were."""
    done = 0
    while await worker(post).work_one():
        done += 1
    await post.send_all()
    return done


async def states(post: MailClient, account_id: UUID) -> dict[str, str]:
    async with post.service.db.read() as session:
        query = select(Notification.template, Notification.state).where(
            Notification.account_id == account_id, Notification.party != "applicant"
        )
        return {row.template: row.state for row in (await session.execute(query)).all()}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 7, 1, 3, tzinfo=UTC), EIGHT),
        (EIGHT - timedelta(microseconds=1), EIGHT),
        (EIGHT, EIGHT + timedelta(days=1)),
    ],
)
def test_the_morning_is_the_next_eight_oclock_in_japan(now: datetime, then: datetime) -> None:
    assert next_morning(now) == then


async def test_one_mail_in_the_morning_names_everything_that_waited(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(ReviewStarted, FeePaid, CardMailed)
    assert post.mails(post.filer) == []
    assert len(post.mails(post.applicant)) == 1, "the applicant's own copy waits for nobody"
    assert [one["mailed"] for one in [await message(post, reader, "fee_paid")]] == ["held"], "in the inbox at once"
    assert await ring(post) == 0, "not before the morning"
    post.clock.advance(EIGHT - post.clock.now())
    assert await ring(post) == 1
    (mail,) = post.mails(post.filer)
    assert mail["Subject"] == "【在留申請】お知らせ3件（まとめ） / 3 messages in one"
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert text.count("東オンＥＮ26000001") == 6
        assert "審査を開始しました" in text and "/messages" in text and "/account/messages" in text
    found = await states(post, reader.id)
    assert {name: found[name] for name in ("review_started", "fee_paid", "card_mailed", "morning_summary")} == {
        "review_started": "summarised",
        "fee_paid": "summarised",
        "card_mailed": "summarised",
        "morning_summary": "sent",
    }
    assert "morning_summary" not in {one["template"] for one in await inbox(post, reader.actor)}
    assert await ring(post) == 0
    assert await post.service.journal_problems() == []


async def message(post: MailClient, reader: Reader, template: str) -> dict[str, Any]:
    (item,) = [one for one in await inbox(post, reader.actor) if one["template"] == template]
    shown: dict[str, Any] = (await ask(post, reader.actor, "GET", f"/{item['id']}"))[1]
    return shown


async def test_one_message_alone_is_mailed_itself(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(FeePaid)
    post.clock.advance(EIGHT - post.clock.now())
    await ring(post)
    (mail,) = post.mails(post.filer)
    assert "手数料" in mail["Subject"]
    assert (await states(post, reader.id))["fee_paid"] == "sent"


async def test_what_cannot_wait_goes_at_once(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(InterviewSoon)
    assert len(post.mails(post.filer)) == 1
    await post.deliver(example(post, PasswordResetRequested, account_id=reader.id))
    await post.send_all()
    assert len(post.mails(post.filer)) == 2


async def test_a_summary_goes_to_the_address_of_that_morning_and_to_no_closed_account(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(ReviewStarted, FeePaid)
    moved, now = f"moved-{post.filer}", post.clock.now()
    change = {"recipient_new": post.recipient(moved), "recipient_old": post.recipient(post.filer), "changed_at": now}
    await post.deliver(EmailChanged.example(account_id=reader.id, **change))
    await post.send_all()
    post.mailbox.clear()
    post.clock.advance(EIGHT - post.clock.now())
    await ring(post)
    assert [len(post.mails(address)) for address in (moved, post.filer)] == [1, 0]
    await reader.happens(CardMailed)
    closed = {"recipient": post.recipient(moved), "closed_at": post.clock.now()}
    await post.deliver(AccountClosed.example(account_id=reader.id, **closed))
    await post.send_all()
    post.mailbox.clear()
    post.clock.advance(timedelta(days=1))
    await ring(post)
    assert post.mails(moved) == []
    assert (await states(post, reader.id))["card_mailed"] == "inbox"


async def test_a_process_that_dies_in_the_middle_loses_nothing_and_the_next_one_sends_one(
    post: MailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary, the end of what it names and its timer are one transaction: all of it is there, or nothing."""
    reader = await Reader(post).begin()
    await reader.happens(ReviewStarted, FeePaid)
    post.clock.advance(EIGHT - post.clock.now())
    channel = post.service.app.state.channels["mail"]
    made = channel.summarise
    calls: list[int] = []

    def dies(held: Any, language: str, *, officer: bool) -> str:
        calls.append(len(held))
        if len(calls) == 1:
            raise ConnectionResetError
        return str(made(held, language, officer=officer))

    monkeypatch.setattr(type(channel), "summarise", lambda self, *held, officer: dies(*held, officer=officer))
    assert await worker(post).work_one()
    assert set((await states(post, reader.id)).values()) >= {"held"}
    assert post.mails(post.filer) == []
    post.clock.advance(timedelta(minutes=1))
    await ring(post)
    assert (calls, len(post.mails(post.filer))) == ([2, 2], 1)


async def test_a_lost_timer_is_set_again(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(ReviewStarted, FeePaid)
    async with post.service.db.transaction() as session:
        await session.execute(delete(timers).where(timers.c.kind == "summary"))
    post.clock.advance(EIGHT + timedelta(minutes=11) - post.clock.now())
    assert await ring(post) == 0
    await post.run_job("late_summaries")
    assert await ring(post) == 1
    assert len(post.mails(post.filer)) == 1


async def test_two_processes_make_one_summary(post: MailClient) -> None:
    import asyncio

    reader = await Reader(post).begin()
    await reader.happens(ReviewStarted, FeePaid)
    post.clock.advance(EIGHT - post.clock.now())
    await asyncio.gather(*(worker(post).work_one() for _ in range(5)))
    await post.send_all()
    assert len(post.mails(post.filer)) == 1


async def test_what_waits_is_neither_late_nor_forgotten_by_other_mails(post: MailClient) -> None:
    reader = await Reader(post).begin()
    await reader.happens(FeePaid)
    async with post.service.db.read() as session:
        (held,) = await session.scalars(select(Delivery).where(Delivery.state == "held"))
    assert held.sealed_address is None, "no address is kept for a mail that goes later"
    assert isinstance(post.clock, ManualClock)


async def test_five_hundred_applications_of_one_file_are_one_mail_with_a_table(post: MailClient) -> None:
    account = new_id()
    await post.know(account)
    rows = tuple(
        FiledRow(
            sheet="EXTEND-N",
            row=number + 2,
            sealed_applicant=post.sealer.seal(f"NGUYEN VAN {number}"),
            receipt_number=f"東オンＥＮ26{number:06}",
        )
        for number in range(500)
    )
    await post.deliver(
        BulkImportFinished.example(
            account_id=account, organisation_id=None, rows=620, filed=600, failed=20, filed_rows=rows
        )
    )
    await post.send_all()
    (mail,) = post.mails(post.filer)
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert text.count("東オンＥＮ26000499") == 2 and text.count("NGUYEN VAN 499") == 2
        assert "100" in text, "how many more there are"
    async with post.service.db.read() as session:
        kept = (await session.scalars(select(Delivery.sealed_content))).all()
    assert not any("NGUYEN" in content for content in kept)
