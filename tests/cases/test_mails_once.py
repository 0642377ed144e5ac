"""Every mail once, whichever of the database, the mail server and the senders dies in between."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from deploy.local.postgres import Postgres
from deploy.local.smtp import Mailbox
from services.notification.channels.mail.channel import MailChannel
from services.notification.channels.mail.relay import Mail, MailRelay, MemoryRelay
from services.notification.channels.protocol import MAIL, Accepted, Failure
from services.notification.delivery import commands, store
from services.notification.delivery.commands import Attempt, Ended
from services.notification.delivery.presence import Missing
from services.notification.delivery.sender import Sender
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.store import Delivery, Notification
from services.notification.settings import Settings
from shared.auth import Actor
from shared.ids import new_id
from shared.journal import journal, verify
from shared.work import RequestIdentity
from tests.services.notification.conftest import MailClient, post
from tests.services.notification.doubles import twice_at_most
from tests.support.keys import environment
from tests.support.parts import running
from tests.support.waiting import eventually

__all__ = ["post"]

MAILS = 200
_LATEST = 10  # seconds from the recovery to the last mail, beside those that the rest takes anyway


class Held(MemoryRelay):
    """A mail server that answers only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.may = asyncio.Event()

    async def send(self, mail: Mail) -> None:
        self.asked += 1
        await self.may.wait()
        await super().send(mail)


def another(post: MailClient, relay: MailRelay | None = None, concurrency: int = 8, **options: Any) -> Sender:
    """A sender as another process has one."""
    state = post.service.app.state
    channel = MailChannel(
        relay or state.channels[MAIL].relay,
        state.runtime.sealer,
        WRITERS,
        site=state.site,
        domain="zairyu.test",
        concurrency=concurrency,
    )
    return Sender(state.runtime.commands, {MAIL: channel}, **options)


async def make(post: MailClient, count: int) -> None:
    """Messages that are due, entered at once: what makes them is not what is tried here."""
    content = '{"login_id": "AB12345678"}'
    notifications, deliveries = [], []
    for number in range(count):
        made = {"id": new_id(), "cause_event_id": new_id(), "cause_event_type": "zairyu.LoginIdReminded.v1"}
        made |= {"template": "login_id_reminded", "party": "account", "language": "ja", "state": "created"}
        notifications.append(made | {"round": 1, "attempts": 0, "created_at": post.clock.now()})
        work = {"notification_id": made["id"], "state": "waiting", "attempts": 0, "next_try_at": post.clock.now()}
        address = post.sealer.seal(f"n{number}-{post.filer}")
        deliveries.append(work | {"sealed_address": address, "sealed_content": post.sealer.seal(content)})
    async with post.service.db.engine.begin() as connection:
        await connection.execute(insert(Notification), notifications)
        await connection.execute(insert(Delivery), deliveries)
    post.sender.wake()


async def states(post: MailClient) -> Counter[str]:
    async with post.service.db.read() as session:
        rows = await session.execute(select(Notification.state, func.count()).group_by(Notification.state))
        return Counter(dict(tuple(row) for row in rows))


async def delivery_states(post: MailClient) -> list[tuple[str, int]]:
    async with post.service.db.read() as session:
        return [tuple(row) for row in await session.execute(select(Delivery.state, Delivery.attempts))]


async def all_sent(post: MailClient, count: int = MAILS) -> bool:
    try:
        return (await states(post))["sent"] == count
    except Exception:  # the database is not back yet
        return False


def arrived(post: MailClient) -> Counter[str]:
    """The number of mails that arrived with each Message-ID."""
    return Counter(str(mail["Message-ID"]) for mail in post.mailbox.messages())


async def sent_for_a_while(post: MailClient, least: int = 1) -> float:
    """Until a random part of the mails is out: the fault comes at another point each time.

    The seconds that the rest takes at the pace so far, which is that of the machine.
    """
    began = time.monotonic()
    # The rest is more than goes out between this look at the mailbox and the fault.
    wanted = random.randint(least, MAILS * 3 // 4)
    out = await eventually(lambda: (n := len(list(post.mailbox.maildir.glob("new/*")))) >= wanted and n, 120)
    return (MAILS - out) * (time.monotonic() - began) / out


@pytest.fixture
async def empty(post: MailClient) -> AsyncIterator[MailClient]:
    post.mailbox.clear()
    yield post
    post.mailbox.clear()


@pytest.mark.faults
async def test_no_mail_comes_twice_when_the_database_dies(empty: MailClient, postgres: Postgres) -> None:
    """[faults 35] A sender that lives writes down what was accepted once the database is back."""
    await make(empty, MAILS)
    async with running(empty.sender.run()):
        rest = await sent_for_a_while(empty)
        postgres.kill()
        # What was in hand meets the dead database, and goes on being accepted by the mail server.
        await eventually(lambda: empty.sender._presence._connection is None)
        postgres.start()
        await eventually(lambda: all_sent(empty), 2 * rest + _LATEST)
    assert sorted(arrived(empty).values()) == [1] * MAILS
    async with empty.service.db.read() as session:
        assert await verify(session) == []


@pytest.mark.faults
async def test_no_mail_comes_twice_when_the_database_is_away_for_a_moment(
    empty: MailClient, postgres: Postgres
) -> None:
    """[faults 35] Its sessions end, and it takes others at once: what a commit did is known to nobody."""
    await make(empty, MAILS)
    async with running(empty.sender.run()), running(another(empty).run()):
        for part in range(1, 4):
            await sent_for_a_while(empty, part * MAILS // 5)
            connection = await postgres.connect()
            others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'zairyu-notification'"
            await connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
            await connection.close()
        await eventually(lambda: all_sent(empty), 60)
    assert sorted(arrived(empty).values()) == [1] * MAILS


@pytest.mark.faults
async def test_no_mail_is_lost_when_the_mail_server_dies(empty: MailClient, mailbox: Mailbox) -> None:
    """[faults 35] A mail that it had accepted without an answer may come twice, under one Message-ID; no other does."""
    await make(empty, MAILS)
    async with running(empty.sender.run()):
        await sent_for_a_while(empty)
        mailbox.kill()
        await eventually(lambda: _some_put_off(empty))
        mailbox.start()
        await eventually(lambda: _all_sent_while_time_goes_on(empty), 60)
    copies = arrived(empty)
    assert len(copies) == MAILS
    assert sum(copies.values()) - MAILS <= empty.service.app.state.channels[MAIL].concurrency


async def _all_sent_while_time_goes_on(post: MailClient) -> bool:
    # What is put off is due again by the clock of this test.
    post.clock.advance(timedelta(seconds=6))
    return await all_sent(post)


async def _some_put_off(post: MailClient) -> bool:
    async with post.service.db.read() as session:
        return bool(await session.scalar(select(func.count()).where(Delivery.last_error.is_not(None))))


@pytest.fixture
def process(empty: MailClient, mailbox: Mailbox) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a sender in a process of its own, on the same database and mail server."""
    children: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        settings = {"ZAIRYU_DATABASE_URL": empty.service.db.url, "ZAIRYU_SMTP_PORT": str(mailbox.port)}
        env = {**os.environ, **environment("notification"), **settings}
        children.append(subprocess.Popen([sys.executable, "-m", "tests.cases.mail_sender"], env=env))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()


@pytest.mark.faults
async def test_sender_that_dies_doubles_what_it_had_in_hand_and_no_more(
    empty: MailClient, process: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """[faults 35] Another process sends what is left within seconds, and not five minutes later."""
    await make(empty, MAILS)
    first, second = process(), process()
    await sent_for_a_while(empty)
    first.kill()
    first.wait()
    await eventually(lambda: all_sent(empty), 90)
    assert second.poll() is None
    copies = arrived(empty)
    assert len(copies) == MAILS
    assert sum(copies.values()) - MAILS <= twice_at_most(Settings.model_fields["mail_concurrency"].default)
    async with empty.service.db.read() as session:
        actions = set(await session.scalars(select(journal.c.action).order_by(journal.c.position)))
    assert actions <= {"notification:send", "notification:reclaim"}


@pytest.mark.faults
async def test_sender_that_is_stopped_finishes_what_it_had_in_hand(
    empty: MailClient, process: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """[faults 35] SIGTERM: nothing comes twice, and nothing waits for its sender to be missed."""
    await make(empty, MAILS)
    first = process()
    await sent_for_a_while(empty)
    first.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(first.wait, 30) == 0
    assert "sending" not in {state for state, _ in await delivery_states(empty)}
    process()
    await eventually(lambda: all_sent(empty), 90)
    assert sorted(arrived(empty).values()) == [1] * MAILS


async def test_what_is_with_the_mail_server_at_the_end_is_waited_for(post: MailClient) -> None:
    """[faults 35] A part that is stopped writes down how its last mails went."""
    relay = Held()
    await make(post, 3)
    async with running(another(post, relay).run()):
        await eventually(lambda: relay.asked == 3)
        relay.may.set()
    assert (await states(post))["sent"] == len(relay.accepted) == 3


async def test_claim_that_was_committed_before_the_end_is_handed_over(
    post: MailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[faults 35] The end of the process comes between the commit of a claim and the answer of the database."""
    relay = MemoryRelay()
    sender = another(post, relay)
    session = sender._presence.session
    committed, may = asyncio.Event(), asyncio.Event()

    class Slow:
        async def execute(self, *given: Any) -> Any:
            answer = (await (await session()).execute(*given)).all()
            committed.set()
            await may.wait()
            return answer

    async def slow() -> Any:
        return Slow()

    monkeypatch.setattr(sender._presence, "session", slow)
    await make(post, 3)
    async with running(sender.run()):
        await eventually(committed.is_set)
        asyncio.get_running_loop().call_soon(may.set)  # after the end of this block has cancelled the sender
    assert await delivery_states(post) == [("done", 1)] * 3
    assert len(relay.accepted) == 3


async def test_claim_of_a_sender_that_lives_is_left_alone_however_long_it_takes(post: MailClient) -> None:
    """[faults 35] A slow mail server is no reason to send a mail again."""
    relay, others = Held(), MemoryRelay()
    await make(post, 1)
    # With one place, the first sender leaves the second message to the other one.
    async with running(another(post, relay, concurrency=1).run()):
        await eventually(lambda: relay.asked == 1)
        async with running(another(post, others, patience=0).run()):
            await make(post, 1)
            await eventually(lambda: len(others.accepted) == 1)
            post.clock.advance(timedelta(hours=1))
            relay.may.set()
            await eventually(lambda: all_sent(post, 2))
    assert (len(relay.accepted), len(others.accepted)) == (1, 1)


async def test_mail_of_a_dead_sender_goes_out_under_the_same_message_id(post: MailClient) -> None:
    """[faults 35] Between the server's acceptance and the record only death makes a second copy."""
    relay = MemoryRelay()
    dead, living = another(post, relay), another(post, relay, patience=0)
    await make(post, 1)

    async def dies(*_: object) -> None:
        raise ConnectionError("the process died between the server's yes and the commit")

    dead._record = dies  # type: ignore[method-assign, assignment]
    await dead.send_due()
    assert await delivery_states(post) == [("sending", 1)]
    async with running(living.run()):
        await eventually(lambda: all_sent(post, 1))
    first, second = relay.accepted
    assert first["Message-ID"] == second["Message-ID"]
    async with post.service.db.read() as session:
        actions = list(await session.scalars(select(journal.c.action).order_by(journal.c.position)))
    assert actions == ["notification:reclaim", "notification:send"]


async def test_claim_whose_commit_nobody_saw_is_given_back(post: MailClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """[faults 35] The database committed it, and the connection died before the answer."""
    relay = MemoryRelay()
    claim = store.claim

    def lost(channel: str) -> Any:
        monkeypatch.setattr(store, "claim", claim)
        claimed = claim(channel)
        return select(func.pg_terminate_backend(func.pg_backend_pid())).add_cte(claimed.cte("claimed"))  # type: ignore[attr-defined]

    await make(post, 1)
    monkeypatch.setattr(store, "claim", lost)
    async with running(another(post, relay).run()):
        await eventually(lambda: all_sent(post, 1))
    assert len(relay.accepted) == 1
    assert await delivery_states(post) == [("done", 1)]


async def test_two_senders_never_take_the_same_message(post: MailClient) -> None:
    """[faults 35] Four processes at once."""
    relay = MemoryRelay()
    senders = [another(post, relay) for _ in range(4)]
    await make(post, 40)
    while sum(await asyncio.gather(*(each.send_due() for each in senders))):
        pass
    assert len(relay.accepted) == len({str(mail["Message-ID"]) for mail in relay.accepted}) == 40


async def test_word_of_an_attempt_whose_message_another_has_in_hand(post: MailClient) -> None:
    """[faults 35] A failure puts off nothing that is not its sender's, and no word counts for a later round."""
    await make(post, 1)
    relay = Held()
    runtime = post.service.app.state.runtime
    async with post.service.db.read() as session:
        notification_id = await session.scalar(select(Notification.id))
    async with running(another(post, relay).run()):
        await eventually(lambda: relay.asked == 1)
        async with runtime.commands.work(Actor.system("test"), RequestIdentity(request_id="late")) as work:
            failure = Failure("smtp-450", permanent=False)
            late = [
                Ended(Attempt(notification_id, 1, 7), failure, 0.5),
                Ended(Attempt(notification_id, 2, 7), Accepted(), 0.5),
            ]
            await commands.record(work, late, try_for=timedelta(days=3))
        assert await delivery_states(post) == [("sending", 1)]
        relay.may.set()
        await eventually(lambda: all_sent(post, 1))
    assert len(relay.accepted) == 1


async def test_nobody_is_taken_for_dead_right_after_the_database_came_back(
    post: MailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[faults 35] A lock goes with the database's sessions; its sender has some seconds to take it again."""
    now = 1000.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    missing = Missing(patience=5)
    assert missing.dead({1, 2}) == []
    now += 4
    assert missing.dead({2}) == [], "the first one has its lock again"
    now += 2
    assert missing.dead({1, 2}) == [2]
    monkeypatch.undo()
    await make(post, 2)
    async with post.service.db.engine.begin() as connection:
        await connection.execute(text("UPDATE deliveries SET state = 'sending', claimed_by = 1"))
        for own, seen in ((1, set()), (2, {1})):
            assert set(await connection.scalars(store.MISSED, {"but": own})) == seen
        await connection.execute(text("SELECT pg_advisory_lock_shared(1)"))
        async with post.service.db.read() as session:
            assert set(await session.scalars(store.MISSED, {"but": 2})) == set(), "somebody holds it"
        await connection.execute(text("SELECT pg_advisory_unlock_shared(1)"))
