"""Domains that get no more than so many mails in a time, by all senders together, and hold up nobody else."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from services.notification.channels.mail.channel import MailChannel
from services.notification.channels.mail.relay import Mail, MemoryRelay, NotNow
from services.notification.channels.protocol import MAIL
from services.notification.delivery.domain import FIRST_SLOW, SLOW_FOR
from services.notification.delivery.sender import Sender
from services.notification.delivery.store import PaceRow
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.store import Delivery, Notification
from services.notification.settings import Settings
from shared.events.registration import AccountActivated, PasswordResetRequested
from shared.ids import new_id
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_notify import example
from tests.support.keys import environment

EVERY = timedelta(seconds=2)


class Recorder(MemoryRelay):
    """Notes when each mail came, by the clock of the test; `throttles` the next so many."""

    def __init__(self, post: MailClient) -> None:
        super().__init__()
        self.came: list[tuple[str, datetime]] = []
        self.throttles = 0
        self._post = post

    async def send(self, mail: Mail) -> None:
        if self.throttles:
            self.throttles -= 1
            raise NotNow("smtp-451", throttled=True)
        self.came.append((mail.recipient.rpartition("@")[2], self._post.clock.now()))
        await super().send(mail)


def sender(post: MailClient, relay: Recorder) -> Sender:
    state = post.service.app.state
    channel = MailChannel(
        relay, state.runtime.sealer, WRITERS, site=state.site, domain="zairyu.test", paces={"docomo.example": EVERY}
    )
    return Sender(state.runtime.commands, {MAIL: channel})


async def activate(post: MailClient, *addresses: str) -> None:
    for address in addresses:
        made: Any = example(post, AccountActivated, account_id=new_id())
        await post.deliver(made.model_copy(update={"recipient": post.recipient(address)}))


async def go_on(post: MailClient, senders: list[Sender], seconds: int) -> None:
    for _ in range(seconds):
        await asyncio.gather(*(each.send_due() for each in senders))
        post.clock.advance(timedelta(seconds=1))


async def counted(post: MailClient) -> Counter[tuple[str, int]]:
    """States of the messages, with their attempts."""
    joined = select(Notification.state, Delivery.attempts).join_from(
        Notification, Delivery, Notification.id == Delivery.notification_id
    )
    async with post.service.db.read() as session:
        rows: Any = await session.execute(joined)
    return Counter((row[0], row[1]) for row in rows)


async def test_a_domain_gets_its_rate_from_two_senders_together_and_others_go_at_once(post: MailClient) -> None:
    relay = Recorder(post)
    senders = [sender(post, relay), sender(post, relay)]
    began = post.clock.now()
    await activate(post, *(f"{n}@Docomo.example" for n in range(10)), *(f"{n}@else.example" for n in range(4)))
    await post.deliver(
        example(post, PasswordResetRequested).model_copy(update={"recipient": post.recipient("x@docomo.example")})
    )
    await go_on(post, senders, 26)
    assert {at for domain, at in relay.came if domain == "else.example"} == {began}
    limited = [at for domain, at in relay.came if domain.lower() == "docomo.example"]
    assert len(limited) == 11
    # A link does not wait, and takes the place of a mail after it.
    paced = sorted(limited)
    assert sum(at == began for at in paced) <= 2
    assert all(later - earlier >= EVERY for earlier, later in pairwise(paced[1:]))
    assert await counted(post) == {("sent", 1): 15}, "waiting for a turn is no attempt"
    assert await post.service.journal_problems() == []


async def test_a_domain_that_throttles_is_slowed_down_for_a_while_and_no_other(post: MailClient) -> None:
    relay = Recorder(post)
    sending = sender(post, relay)
    relay.throttles = 1
    await activate(post, *(f"{n}@gmail.example" for n in range(4)))
    await sending.send_due()
    assert relay.came != [], "those in hand were with the relay already"
    before = len(relay.came)
    other = sender(post, relay)
    await other.send_due()
    await activate(post, *(f"{n}@gmail.example" for n in range(5, 8)), "a@else.example")
    await go_on(post, [other], 30)
    slow = [at for domain, at in relay.came[before:] if domain == "gmail.example"]
    assert len(slow) == 4
    assert all(later - earlier >= FIRST_SLOW for earlier, later in pairwise(slow))
    post.clock.advance(SLOW_FOR)
    await go_on(post, [other], 1)
    began = post.clock.now()
    await activate(post, *(f"{n}@gmail.example" for n in range(10, 14)))
    await go_on(post, [other], 1)
    assert [at for _, at in relay.came[-4:]] == [began] * 4
    await post.run_job("erase_contents")
    post.clock.advance(timedelta(hours=2))
    await post.run_job("erase_contents")
    async with post.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(PaceRow)) == 0


def test_rates_are_read_or_refused_with_the_way_to_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("notification").items():
        monkeypatch.setenv(name, value)
    found = Settings(mail_rates="docomo.ne.jp=30/min AU.com=2/s", database_url="postgresql://x/y")
    assert found.mail_paces == {"docomo.ne.jp": timedelta(seconds=2), "au.com": timedelta(milliseconds=500)}
    for wrong in ("docomo.ne.jp", "docomo.ne.jp=0/min", "docomo.ne.jp=30/day", "x=1/s", "a.b=1/s,c.d=1/s"):
        with pytest.raises(ValidationError, match="30/min"):
            Settings(mail_rates=wrong, database_url="postgresql://x/y")
