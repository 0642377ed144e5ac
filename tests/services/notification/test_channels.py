"""A second channel beside mail, in memory: the seam carries claims, retries, the last failure and dead senders; short
messages go by it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.notification.channels.mail.content import review
from services.notification.channels.mail.contents import SealedContents
from services.notification.channels.protocol import MAIL, Accepted, Channel, Claimed, Failure, Held, Message, Outcome
from services.notification.channels.short.channel import ShortChannel, short_text
from services.notification.channels.short.memory import MemoryProvider
from services.notification.channels.short.port import NotNow, Refused
from services.notification.delivery.domain import FIRST_WAIT
from services.notification.delivery.sender import Sender
from services.notification.messages.catalogue import ALONE, EXAMINER, MESSAGES, WRITERS, MessageKind
from services.notification.messages.commands.notify import notify
from services.notification.messages.samples import SAMPLE_NAME, sample
from services.notification.messages.store import Delivery, Notification
from shared.auth import Actor, Role
from shared.events.application import ApplicationSubmitted
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.events.review import FeePaid
from shared.ids import new_id
from shared.languages import LANGUAGES
from shared.work import RequestIdentity
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_inbox import SITE
from tests.support import tokens
from tests.support.parts import running
from tests.support.waiting import eventually

MEMORY = "memory"
ONLY_MEMORY = MessageKind(FeePaid, ALONE, review.fee_paid, channels=(MEMORY,))
BOTH = MessageKind(FeePaid, ALONE, review.fee_paid, channels=(MAIL, MEMORY))


class MemoryChannel:
    """Answers `outcomes` in their order, and then that it accepted; holds every attempt while `may` is not set."""

    concurrency = 2
    paces: Mapping[str, timedelta] = {}

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)
        self.attempts: list[Claimed] = []
        self.may = asyncio.Event()
        self.may.set()

    def destination(self, claimed: Claimed) -> str | None:
        return "somewhere"

    def prepare(self, message: Message) -> str:
        return f"{message.template} of {message.event.event_type()} for {message.procedure}"

    def summarise(self, held: Sequence[Held], language: str, *, officer: bool) -> str:
        return f"{len(held)} messages"

    async def deliver(self, claimed: Claimed) -> Outcome:
        self.attempts.append(claimed)
        await self.may.wait()
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def channels(post: MailClient, memory: MemoryChannel) -> Mapping[str, Channel]:
    return {**post.service.app.state.channels, MEMORY: memory}


def sender(post: MailClient, memory: MemoryChannel, patience: float = 5) -> Sender:
    return Sender(post.service.app.state.runtime.commands, channels(post, memory), patience=patience)


async def paid(post: MailClient) -> FeePaid:
    """A paid fee whose account and application are known."""
    account, application = new_id(), new_id()
    await post.know(account, application)
    return FeePaid.example(account_id=account, application_id=application)


async def make(post: MailClient, memory: MemoryChannel, event: FeePaid, kind: MessageKind = ONLY_MEMORY) -> int:
    """Make the messages of `event`; the number made. The event comes under the id of its application."""
    identity = RequestIdentity(request_id="event", cause_event_id=event.application_id)
    async with post.service.app.state.runtime.commands.work(Actor.system("test"), identity) as work:
        return await notify(work, kind, event, channels(post, memory))


async def recorded(post: MailClient) -> Sequence[tuple[str, str, int, str | None]]:
    """Channel, state, attempts and reason of the messages about fees."""
    columns = (Notification.channel, Notification.state, Notification.attempts, Notification.reason)
    query = select(*columns).where(Notification.template == "fee_paid").order_by(Notification.channel)
    async with post.service.db.read() as session:
        return [tuple(row) for row in await session.execute(query)]


async def open_delivery(post: MailClient) -> Delivery:
    async with post.service.db.read() as session:
        delivery: Delivery = (await session.scalars(select(Delivery).where(Delivery.channel == MEMORY))).one()
    return delivery


async def test_event_becomes_one_message_for_each_channel(post: MailClient) -> None:
    memory, event = MemoryChannel(), await paid(post)
    assert await make(post, memory, event, BOTH) == 2
    assert await make(post, memory, event, BOTH) == 0, "delivered again, the event makes nothing"
    while await sender(post, memory).send_due():
        pass
    assert await recorded(post) == [(MAIL, "sent", 1, None), (MEMORY, "sent", 1, None)]
    assert [claimed.sealed_content for claimed in memory.attempts] == ["fee_paid of zairyu.FeePaid.v1 for EXTEND"]
    assert len(post.mails(post.filer)) == 1
    delivered = [each for each in await post.service.events() if isinstance(each, NotificationDelivered)]
    assert [each.template for each in delivered].count("fee_paid") == 2
    assert await post.service.journal_problems() == []


async def test_failure_that_may_pass_is_tried_again_after_its_wait(post: MailClient) -> None:
    memory = MemoryChannel(Failure("busy", permanent=False), ConnectionError("a fault of the channel"))
    await make(post, memory, await paid(post))
    await sender(post, memory).send_due()
    delivery = await open_delivery(post)
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("waiting", 1, "busy")
    assert timedelta() <= delivery.next_try_at - post.clock.now() < FIRST_WAIT
    post.clock.advance(FIRST_WAIT)
    await sender(post, memory).send_due()
    assert (await open_delivery(post)).last_error == "not-handed-over"
    post.clock.advance(2 * FIRST_WAIT)
    await sender(post, memory).send_due()
    assert await recorded(post) == [(MEMORY, "sent", 3, None)]


@pytest.mark.parametrize(
    ("failure", "attempts"), [(Failure("unknown", permanent=True), 1), (Failure("busy", permanent=False), 3)]
)
async def test_message_is_given_up_once(post: MailClient, failure: Failure, attempts: int) -> None:
    memory = MemoryChannel(*[failure] * attempts)
    await make(post, memory, await paid(post))
    for last in range(1, 5):
        # The clock stands at the end of its time with the attempt that is the last.
        await sender(post, memory).send_due()
        post.clock.advance(2 * FIRST_WAIT if last < attempts - 1 else timedelta(days=3))
    assert await recorded(post) == [(MEMORY, "failed", attempts, failure.reason)]
    (event,) = [event for event in await post.service.events() if isinstance(event, NotificationFailed)]
    assert (event.template, event.reason_code, event.attempts) == ("fee_paid", failure.reason, attempts)


async def test_claim_of_a_dead_sender_is_taken_by_a_living_one(post: MailClient) -> None:
    memory = MemoryChannel()
    dead = sender(post, memory)

    async def dies(*_: object) -> None:
        raise ConnectionError("the process died between the acceptance and the record")

    dead._record = dies  # type: ignore[method-assign, assignment]
    await make(post, memory, await paid(post))
    await dead.send_due()
    assert (await open_delivery(post)).state == "sending"
    async with running(sender(post, memory, patience=0).run()):
        await eventually(lambda: len(memory.attempts) == 2)
    first, second = memory.attempts
    assert (first.id, first.round) == (second.id, second.round), "the receiver can recognise the second copy"
    assert await recorded(post) == [(MEMORY, "sent", 2, None)]


async def test_channel_that_hangs_takes_no_place_of_mails(post: MailClient) -> None:
    memory = MemoryChannel()
    memory.may.clear()
    for _ in range(memory.concurrency + 1):
        await make(post, memory, await paid(post))
    event = await paid(post)
    async with running(sender(post, memory).run()):
        await eventually(lambda: len(memory.attempts) == memory.concurrency)
        await make(post, memory, event, BOTH)
        await eventually(lambda: len(post.mails(post.filer)) == 1)
        assert len(memory.attempts) == memory.concurrency, "no more is claimed than is delivered at once"
        memory.may.set()
        await eventually(lambda: len(memory.attempts) == memory.concurrency + 2)


async def test_channels_without_a_sender_wait(post: MailClient) -> None:
    """A process that does not know a channel, such as one of an older version, leaves its messages alone."""
    await make(post, MemoryChannel(), await paid(post))
    await post.send_all()
    assert (await open_delivery(post)).state == "waiting"


SHORT = "short"
BOTH_SHORT = MessageKind(FeePaid, ALONE, review.fee_paid, channels=(MAIL, SHORT), must_reach="card")


@pytest.mark.parametrize("answers", [[], [NotNow("busy"), NotNow("later")], [Refused("unknown-number")]])
async def test_a_channel_is_a_port_and_a_word_in_the_table(post: MailClient, answers: list[NotNow | Refused]) -> None:
    """Accepted, tried again, or refused for good: each once, beside the mail, and in the inbox once."""
    state, event, provider = post.service.app.state, await paid(post), MemoryProvider(*answers)
    contents = SealedContents(state.runtime.sealer, WRITERS, state.site)
    short = ShortChannel(provider, state.runtime.sealer, contents, site=state.site)
    channels: Mapping[str, Channel] = {**state.channels, SHORT: short}
    identity = RequestIdentity(request_id="event", cause_event_id=event.application_id)
    for made in (2, 0):
        async with state.runtime.commands.work(Actor.system("test"), identity) as work:
            assert await notify(work, BOTH_SHORT, event, channels) == made
    for _ in range(len(answers) + 1):
        await Sender(state.runtime.commands, channels).send_due()
        post.clock.advance(timedelta(minutes=1))
    refused = any(isinstance(each, Refused) for each in answers)
    ended = ("failed", 1, "unknown-number") if refused else ("sent", len(answers) + 1, None)
    assert await recorded(post) == [(MAIL, "sent", 1, None), (SHORT, *ended)]
    assert provider.attempts == len(answers) + (not refused)
    assert (
        [each.text for each in provider.accepted.values()] == []
        if refused
        else ["【在留申請】手数料の納付を確認しました。https://zairyu.example.jp/messages"]
    )
    assert len(post.mails(post.filer)) == 1
    failed = [each for each in await post.service.events() if isinstance(each, NotificationFailed)]
    assert [(each.reason_code, each.must_reach) for each in failed] == [("unknown-number", None)] * refused
    filed = ApplicationSubmitted.example()
    reader = replace(tokens.person(Role.ORG_STAFF), id=event.account_id, organisation_id=filed.owner_id)
    headers = tokens.bearer(reader, post.clock)
    inbox = (await post.service.client.get("/v1/inbox", headers=headers)).json()["items"]
    assert [each["template"] for each in inbox].count("fee_paid") == 1
    assert await post.service.journal_problems() == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in MESSAGES if kind.audience != EXAMINER],
    ids=lambda kind: f"{kind.template}-{kind.event.__name__}",
)
def test_a_short_text_says_what_happened_and_nothing_of_anybody(kind: MessageKind) -> None:
    content = sample(kind, date(2026, 7, 1))
    for lang in LANGUAGES:
        text = short_text(kind.template, dict(content), lang, SITE)
        assert len(text) <= (70 if lang == "ja" else 160), text
        assert text.endswith("https://zairyu.example.jp/messages")
        for said in (SAMPLE_NAME, "NGUYEN", "AB12345678", "sample-link"):
            assert said not in text


def test_no_message_goes_by_another_channel_than_mail() -> None:
    """No site has a provider of short messages, and no page offers one."""
    assert {channel for kind in MESSAGES for channel in kind.channels} == {MAIL}
