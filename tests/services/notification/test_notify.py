"""From event to mail: the recipients of each event, once each, whatever is delivered twice or fails."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.event import listen, remove

from services.notification.address_book.store import Application, Contact
from services.notification.delivery.domain import FIRST_WAIT
from services.notification.inbox.store import Reading
from services.notification.messages.catalogue import EXAMINER, MESSAGES, MessageKind
from services.notification.messages.commands import erasure
from services.notification.messages.store import Delivery, Notification
from services.notification.settings import Settings
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn, BulkImportFinished
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    EmailChanged,
    EmailChangeRequested,
    PasswordResetRequested,
    UsageRegistrationApproved,
)
from shared.events.review import CardMailed, CaseTransferred, FeePaid, ReviewCompleted
from shared.events.review_allocation import CaseAllocated
from shared.ids import derived_id, new_id
from shared.messaging import NotYet
from tests.services.notification.conftest import MailClient, part
from tests.support.keys import SEALING_KEY
from tests.support.parts import running
from tests.support.waiting import eventually


def example(post: MailClient, event: type[Event], **changes: Any) -> Event:
    """The example of `event` with texts and addresses that this test's key opens, and a link that works for days."""
    later = post.clock.now() + timedelta(days=3)
    links = {kind.until: later for kind in MESSAGES if kind.event is event and kind.until}
    made: dict[str, Any] = event.example(**(links | changes)).model_dump()

    def seal(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            if value.keys() == Recipient.model_fields.keys():
                address = f"old-{post.filer}" if name == "recipient_old" else post.filer
                return value | {
                    "sealed_address": post.sealer.seal(address),
                    "sealed_name": post.sealer.seal("鈴木一郎"),
                }
            return {key: seal(inner, key) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [seal(inner) for inner in value]
        return post.sealer.seal(f"https://zairyu.example.jp/{name}") if name.startswith("sealed_") and value else value

    if "applicant" in made and "applicant" not in changes:
        made["applicant"] = post.recipient(post.applicant, "en").model_dump()
        return event.model_validate({name: seal(v, name) if name != "applicant" else v for name, v in made.items()})
    return event.model_validate({name: seal(value, name) for name, value in made.items()})


async def rows(post: MailClient) -> list[Notification]:
    async with post.service.db.read() as session:
        return list(await session.scalars(select(Notification).order_by(Notification.created_at, Notification.id)))


async def only_delivery(post: MailClient) -> Delivery:
    async with post.service.db.read() as session:
        delivery: Delivery = (await session.scalars(select(Delivery))).one()
    return delivery


async def test_filer_and_applicant_are_each_deliver_twice_in_their_language_first(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account)
    event_id = await post.deliver(example(post, ApplicationSubmitted, account_id=account, application_id=application))
    await post.send_all()
    made = [row for row in await rows(post) if row.cause_event_id == event_id]
    for number, row in enumerate(made):
        its_id = derived_id(event_id, number, row.channel, row.party, row.account_id, row.template)
        assert row.id == its_id, "made again after a restore, it is the same message"
    (to_filer,), (to_applicant,) = post.mails(post.filer), post.mails(post.applicant)
    assert to_filer["Subject"].startswith("【在留申請】申請を受け付けました")
    assert to_applicant["Subject"].startswith("【在留申請】Application received")
    for mail in (to_filer, to_applicant):
        for kind in ("plain", "html"):
            assert part(mail, kind).count("東オンＥＮ26000001") >= 2
            assert "特例期間" in part(mail, kind) and "special period" in part(mail, kind)
    assert to_filer["Message-ID"] != to_applicant["Message-ID"]
    events = [e for e in await post.service.events() if isinstance(e, NotificationDelivered)]
    assert [e.template for e in events].count("application_received") == 2
    assert await post.service.journal_problems() == []


async def test_every_event_delivered_twice_makes_one_mail_for_each_recipient(post: MailClient) -> None:
    for kind in MESSAGES:
        await _deliver_twice(post, kind)
    assert await post.service.journal_problems() == []


# How many mails each audience gets, where nobody chose anything: no colleague, and officers have an inbox.
MAILS = {"named": 1, "proved": 1, "moved": 2, "filer": 1, "applicant": 1, "colleagues": 0, "examiner": 0, "before": 1}


async def _deliver_twice(post: MailClient, kind: MessageKind) -> None:
    account, before, application, examiner = new_id(), new_id(), new_id(), new_id()
    about_one = "application_id" in kind.event.model_fields
    await post.know(account, application if about_one and kind.event is not ApplicationSubmitted else None)
    if kind.audience == EXAMINER:
        await post.deliver(CaseAllocated.example(application_id=application, examiner_id=examiner))
    changes = {"account_id": account} if "account_id" in kind.event.model_fields else {}
    changes |= {"application_id": application} if about_one else {}
    if "account_before" in kind.event.model_fields:
        await post.know(before)
        changes |= {"account_before": before}
    event = example(post, kind.event, **changes)
    event_id = await post.deliver(event)
    await post.send_all()
    await post.deliver(event, event_id)
    await post.send_all()
    made = [row for row in await rows(post) if row.template == kind.template and row.cause_event_id == event_id]
    if kind.audience == EXAMINER:
        assert [(row.account_id, row.state) for row in made] == [(examiner, "inbox")], kind.event
        post.mailbox.clear()
        return
    # An event with several messages is about each of them.
    expected = sum(MAILS[part] for one in MESSAGES if one.event is kind.event for part in one.audience)
    assert len(post.mailbox.messages()) == expected, kind.template
    assert [row.state for row in made] == ["sent"] * sum(MAILS[part] for part in kind.audience), kind.template


async def test_somebody_who_files_for_themselves_gets_one_mail(post: MailClient) -> None:
    account = new_id()
    await post.know(account)
    own = post.recipient(post.filer.upper())
    await post.deliver(ApplicationSubmitted.example(account_id=account, applicant=own))
    await post.send_all()
    assert len(post.mailbox.messages()) == 1


async def test_event_that_overtakes_the_address_is_tried_again_later(post: MailClient) -> None:
    account, application = new_id(), new_id()
    review = example(post, ReviewCompleted, account_id=account, application_id=application)
    with pytest.raises(NotYet):
        await post.deliver(review)
    await post.know(account)
    with pytest.raises(NotYet):
        await post.deliver(review)
    assert [row.template for row in await rows(post)] == ["account_activated"]
    await post.know(account, application)
    await post.deliver(review)
    await post.send_all()
    assert len(post.mails(post.filer)) == len(post.mails(post.applicant)) == 1


async def test_mails_name_the_office_to_which_the_case_went(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account, application)
    for event in (CaseTransferred, ReviewCompleted):
        await post.deliver(example(post, event, account_id=account, application_id=application))
    made = await rows(post)
    office = CaseTransferred.example().office
    assert {"case_transferred", "review_completed"} <= {row.template for row in made}
    async with post.service.db.read() as session:
        known = await session.scalar(select(Application.office).where(Application.application_id == application))
    assert known == office


async def test_application_of_a_message_is_read_once(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account, application)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = post.service.app.state.runtime.db.engine.sync_engine
    listen(engine, "before_cursor_execute", note)
    await post.deliver(example(post, ReviewCompleted, account_id=account, application_id=application))
    remove(engine, "before_cursor_execute", note)
    assert sum("FROM applications" in statement for statement in statements) == 1


async def test_one_time_link_reaches_the_mail_and_nothing_else(
    post: MailClient, caplog: pytest.LogCaptureFixture
) -> None:
    link = "https://zairyu.example.jp/password/one-time-secret"
    event = UsageRegistrationApproved.example(recipient=post.recipient(post.filer), sealed_link=post.sealer.seal(link))
    await post.deliver(event)
    await post.send_all()
    (mail,) = post.mails(post.filer)
    assert part(mail, "plain").count(link) == 2
    assert f'href="{link}"' in part(mail, "html")
    async with post.service.db.read() as session:
        tables = ("notifications", "deliveries", "contacts", "journal")
        parts = [await session.scalar(text(f"SELECT string_agg(t::text, ' ') FROM {table} t")) for table in tables]
        sent = await session.scalar(text("SELECT string_agg(encode(payload, 'escape'), ' ') FROM outbox"))
    everything = " ".join(str(p) for p in [*parts, sent]) + caplog.text
    assert "one-time-secret" not in everything
    assert post.filer not in everything


async def test_put_off_mail_is_tried_again_later_and_later_and_arrives_once(post: MailClient) -> None:
    post.mailbox.refuse(post.filer, 451)
    await post.deliver(example(post, PasswordResetRequested))
    await post.send_all()
    delivery = await only_delivery(post)
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("waiting", 1, "smtp-451")
    assert timedelta() <= delivery.next_try_at - post.clock.now() < FIRST_WAIT
    post.clock.advance(FIRST_WAIT)
    await post.sender.send_due()
    post.mailbox.accept_all()
    post.clock.advance(2 * FIRST_WAIT)
    await post.send_all()
    assert len(post.mails(post.filer)) == 1
    (row,) = await rows(post)
    assert (row.state, row.attempts) == ("sent", 3)
    assert len(await post.service.events()) == 1


async def test_mail_that_never_goes_out_fails_after_its_time_and_says_so_once(post: MailClient) -> None:
    post.mailbox.refuse(post.filer, 450)
    post.sender._try_for = timedelta(minutes=1)
    await post.deliver(example(post, PasswordResetRequested))
    begun = post.clock.now()
    await post.sender.send_due()
    while (await rows(post))[0].state == "created":
        post.clock.advance(max((await only_delivery(post)).next_try_at - post.clock.now(), timedelta()))
        await post.sender.send_due()
    (row,) = await rows(post)
    assert (row.state, row.reason) == ("failed", "smtp-450")
    assert post.clock.now() - begun == timedelta(minutes=1), "the last attempt is at the end"
    (event,) = await post.service.events()
    assert isinstance(event, NotificationFailed)
    assert (event.reason_code, event.attempts) == ("smtp-450", row.attempts)
    assert await post.service.journal_problems() == []


async def test_mail_whose_link_has_ended_is_not_sent(post: MailClient) -> None:
    """Put off until then, or too late from the beginning: a link of ten minutes does not come two days later."""
    post.mailbox.refuse(post.filer, 450)
    end = post.clock.now() + timedelta(minutes=10)
    await post.deliver(example(post, PasswordResetRequested, link_expires_at=end))
    await post.sender.send_due()
    post.mailbox.accept_all()
    post.clock.advance(timedelta(minutes=10))
    await post.deliver(example(post, EmailChangeRequested, link_expires_at=end))
    await post.send_all()
    assert post.mails(post.filer) == []
    assert {(row.state, row.reason) for row in await rows(post)} == {("failed", "no-longer-valid")}


async def test_hard_refusal_fails_at_once_and_changes_the_state_only_once(post: MailClient) -> None:
    post.mailbox.refuse(post.filer, 550)
    event_id = await post.deliver(example(post, PasswordResetRequested))
    await post.send_all()
    post.mailbox.accept_all()
    for _ in range(3):
        post.clock.advance(timedelta(hours=1))
        await post.deliver(example(post, PasswordResetRequested), event_id)
        await post.send_all()
    assert post.mails(post.filer) == []
    (row,) = await rows(post)
    assert (row.state, row.reason, row.attempts) == ("failed", "smtp-550", 1)
    assert [type(event) for event in await post.service.events()] == [NotificationFailed]


async def test_late_word_of_an_attempt_does_not_flip_what_was_written_down(post: MailClient) -> None:
    """Two senders had the message (one was taken for dead): the first outcome stands."""
    from services.notification.channels.protocol import Accepted, Failure
    from services.notification.delivery import commands
    from shared.auth import Actor
    from shared.work import RequestIdentity

    await post.deliver(example(post, PasswordResetRequested))
    await post.send_all()
    (row,) = await rows(post)
    runtime = post.service.app.state.runtime
    attempt = commands.Attempt(row.id, row.round, 1)
    for outcome in (Failure("smtp-550", permanent=True), Failure("smtp-450", permanent=False), Accepted()):
        async with runtime.commands.work(Actor.system("test"), RequestIdentity(request_id="late")) as work:
            await commands.record(work, [commands.Ended(attempt, outcome, 0.5)], try_for=timedelta(days=3))
    assert [r.state for r in await rows(post)] == ["sent"]
    assert [type(event) for event in await post.service.events()] == [NotificationDelivered]


async def test_changed_address_is_used_from_now_on_and_the_old_one_is_warned(post: MailClient) -> None:
    account = new_id()
    await post.know(account)
    moved = f"new-{post.filer}"
    change = EmailChanged.example(
        account_id=account,
        recipient_new=post.recipient(moved),
        recipient_old=post.recipient(post.filer),
        changed_at=post.clock.now() + timedelta(seconds=1),
    )
    await post.deliver(change)
    # The activation comes again, late: it knows only the old address and must not bring it back.
    late = AccountActivated.example(
        account_id=account,
        recipient=post.recipient(post.filer),
        sealed_login_id=post.sealer.seal("AB"),
        activated_at=post.clock.now(),
    )
    await post.deliver(late)
    await post.send_all()
    post.mailbox.clear()
    await post.deliver(BulkImportFinished.example(account_id=account))
    await post.send_all()
    assert len(post.mails(moved)) == 1
    assert post.mails(post.filer) == []


async def test_closed_account_gets_a_last_mail_and_its_address_is_erased(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account, application)
    await post.deliver(
        AccountClosed.example(
            account_id=account,
            recipient=post.recipient(post.filer),
            closed_at=post.clock.now() + timedelta(seconds=1),
        )
    )
    await post.send_all()
    assert len(post.mails(post.filer)) == 1
    async with post.service.db.read() as session:
        assert (await session.get(Contact, account)).sealed_address is None
    await post.deliver(FeePaid.example(account_id=account, application_id=application))
    await post.deliver(CardMailed.example(account_id=account, application_id=application))
    await post.send_all()
    assert len(post.mails(post.filer)) == 1
    assert len(post.mails(post.applicant)) == 1, "the applicant is still informed"


async def test_contents_and_addresses_are_erased_after_their_time(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account, application)
    post.clock.advance(timedelta(days=366))
    await post.run_job("erase_contents")
    async with post.service.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM applications WHERE sealed_address IS NOT NULL")) == 0
        assert await session.scalar(select(func.count()).select_from(Delivery)) > 0
    post.clock.advance(timedelta(days=35))
    await post.run_job("erase_contents")
    async with post.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert {row.state for row in await rows(post)} == {"sent"}


async def test_a_message_goes_after_its_time_and_its_event_makes_no_other(
    post: MailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not while its application is open, and not while its content is kept; by then its event is refused."""
    monkeypatch.setattr(erasure, "_MESSAGES", 2)
    account, going_on, ended = new_id(), new_id(), new_id()
    await post.know(account, going_on)
    await post.know(account, ended)
    await post.deliver(ApplicationWithdrawn.example(application_id=ended))
    await post.send_all()
    made = await rows(post)
    async with post.service.db.transaction() as session:
        session.add_all(Reading(account_id=account, notification_id=row.id, read_at=post.clock.now()) for row in made)
    settings = post.service.app.state.runtime.settings
    post.clock.advance(timedelta(days=settings.message_days))
    await post.run_job("erase_contents")
    assert len(await rows(post)) == len(made), "the day is not over, and contents are erased first"
    post.clock.advance(timedelta(seconds=1))
    await post.run_job("erase_contents")
    assert len(await rows(post)) == len(made) - 2, "the oldest two"
    for _ in made:
        await post.run_job("erase_contents")
    assert {row.application_id for row in await rows(post)} == {going_on}
    async with post.service.db.read() as session:
        left = set(await session.scalars(select(Reading.notification_id)))
    assert left == {row.id for row in await rows(post)}
    assert settings.inbox_remembers < timedelta(days=settings.message_days)
    assert await post.service.journal_problems() == []


@pytest.mark.parametrize(
    ("given", "least"), [({"content_days": 3000}, 3000), ({"kafka_retention_hours": 30_000}, 2501)]
)
def test_days_after_which_a_message_would_go_too_early_are_refused_at_start(given: dict[str, int], least: int) -> None:
    with pytest.raises(ValidationError, match=f"at least {least}"):
        Settings(database_url="postgresql://x", sealing_key=SEALING_KEY, **given, message_days=2190)  # type: ignore[arg-type]


async def test_message_is_sent_at_once_after_the_commit_that_made_it(post: MailClient) -> None:
    async with running(post.sender.run()):
        await post.deliver(example(post, PasswordResetRequested))
        await eventually(lambda: len(post.mails(post.filer)) == 1)
    assert re.fullmatch(r"<[0-9a-f-]{36}\.1@zairyu\.local>", post.mails(post.filer)[0]["Message-ID"])
    assert UUID(post.mails(post.filer)[0]["Message-ID"][1:37])
    assert uuid4()
