"""A broadcast reaches each recipient once, whenever the process dies that hands it over, or operators stop and resume
it; and nobody after a stop."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from deploy.local.smtp import Mailbox
from services.notification.address_book.store import Contact, Member
from services.notification.broadcasts.store import Broadcast
from services.notification.messages.store import Notification
from shared.clock import SystemClock
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.notification.conftest import MailClient
from tests.services.notification.doubles import twice_at_most
from tests.services.notification.faulty import FaultyServer, faulty_server
from tests.services.notification.test_broadcasts import APPROVER, approved, step
from tests.support.keys import environment
from tests.support.lives import Lives
from tests.support.service import RunningService, running
from tests.support.waiting import eventually, reached

_PLACES = 8
_DEATHS = 3


@pytest.fixture
async def server() -> AsyncIterator[FaultyServer]:
    """A mail server without a fault, in this process: it is what a kill leaves alone."""
    async with faulty_server() as found:
        yield found


@pytest.fixture
def killed(
    service_database: Callable[[str], TestDatabase], server: FaultyServer
) -> Iterator[tuple[Lives, TestDatabase]]:
    """The process that hands broadcasts over, and its database."""
    database = service_database("notification")
    settings = {
        "DATABASE_URL": database.url,
        "PARTS": "jobs",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "MAIL_CONCURRENCY": str(_PLACES),
    }
    own = {f"ZAIRYU_{name}": value for name, value in settings.items()}
    lives = Lives("tests.services.notification.broadcast_process", environment={**environment("notification"), **own})
    yield lives, database
    lives.close()


async def enter_accounts(post: MailClient, count: int) -> dict[UUID, str]:
    """So many accounts that act for themselves, with their addresses."""
    now = post.clock.now()
    accounts = {new_id(): f"{number}-{post.name}@example.jp" for number in range(count)}
    contacts = [
        {"account_id": account, "sealed_address": post.sealer.seal(address), "language": "ja", "as_of": now}
        for account, address in accounts.items()
    ]
    members = [
        {"organisation_id": account, "account_id": account, "role": "self", "acts": True, "as_of": now}
        for account in accounts
    ]
    async with post.service.db.engine.begin() as connection:
        await connection.execute(insert(Contact), contacts)
        await connection.execute(insert(Member), members)
    return accounts


class Broadcasting:
    """A broadcast to some accounts under way in a process that is killed, and what is seen of it from outside."""

    def __init__(self, post: MailClient, lives: Lives, broadcast: dict[str, Any], *, by_mail: bool) -> None:
        self._post = post
        self._service: RunningService = post.service
        self._lives = lives
        self._broadcast = broadcast
        self._cause = Notification.cause_event_id == UUID(broadcast["id"])
        self._by_mail = by_mail
        self.seed = int(os.environ.get("ZAIRYU_TEST_SEED", random.SystemRandom().randrange(2**32)))
        self._chance = random.Random(self.seed)

    async def state(self) -> str:
        async with self._service.db.read() as session:
            return str(await session.scalar(select(Broadcast.state)))

    async def handed_over(self) -> int:
        async with self._service.db.read() as session:
            return int(await session.scalar(select(Broadcast.handed_over)))

    async def accounts(self, *states: str) -> list[UUID]:
        """The account of each message, of those in one of `states` where some are named."""
        query = select(Notification.account_id).where(self._cause)
        async with self._service.db.read() as session:
            return list(await session.scalars(query.where(Notification.state.in_(states)) if states else query))

    async def _far(self) -> int:
        return len(await self.accounts("sent")) if self._by_mail else await self.handed_over()

    async def take(self, name: str) -> None:
        """An operator stops or resumes it, or the process is killed and started again."""
        if name == "kill":
            self._lives.kill()
            self._lives.start()
            return
        status, body = await step(self._post, APPROVER, self._broadcast, name, reason="日付の確認")
        assert status == 200, (self.seed, body)

    async def interrupted_on_the_way(self, times: int, most: int) -> None:
        """So often, before `most` people have it, it is stopped and resumed, and the process is killed: before, between
        or after."""
        await asyncio.to_thread(self._lives.start)
        for moment in sorted(self._chance.randint(0, most) for _ in range(times)):
            await reached(self._far, moment, 240)
            steps = ["stop", "resume"]
            steps.insert(self._chance.randint(0, 2), "kill")
            for name in steps:
                await self.take(name)

    async def ended_as(self, state: str) -> None:
        async def ended() -> bool:
            return await self.state() == state and not await self.accounts("created")

        await eventually(ended, 240)


@pytest.mark.faults
@pytest.mark.parametrize("is_stopped", [False, True], ids=["to the end", "stopped"])
@pytest.mark.parametrize(("by_mail", "count"), [(False, 4_000), (True, 1_000)], ids=["inbox", "mail"])
async def test_a_broadcast_goes_on_at_its_place_after_a_kill_and_a_stop(
    killed: tuple[Lives, TestDatabase],
    server: FaultyServer,
    tmp_path: Path,
    by_mail: bool,
    count: int,
    is_stopped: bool,
) -> None:
    """Each account has it exactly once; of one that an operator stops in the middle, nobody gets it after that."""
    lives, database = killed
    clock = SystemClock()
    async with running("notification", database, clock=clock) as service:
        post = MailClient(service, clock, Mailbox(tmp_path, 0))  # type: ignore[arg-type]
        accounts = await enter_accounts(post, count)
        broadcast = await approved(post, by_mail=by_mail)
        its = Broadcasting(post, lives, broadcast, by_mail=by_mail)
        await its.interrupted_on_the_way(_DEATHS, count // 2)
        if is_stopped:
            for name in ("stop", "kill"):
                await its.take(name)
        await its.ended_as("stopped" if is_stopped else "sent")
        lives.kill()

        found, handed_over = await its.accounts(), await its.handed_over()
        assert len(set(found)) == len(found) == handed_over, its.seed
        assert set(found) <= accounts.keys(), its.seed
        assert is_stopped or handed_over == count, its.seed
        # Mails that had waited at the stop are in the inbox alone.
        assert sorted(found) == sorted(await its.accounts("sent", "inbox")), its.seed
        by_mails = await its.accounts("sent")
        assert is_stopped or len(by_mails) == (count if by_mail else 0), its.seed
        copies = Counter(str(mail["To"]) for mail in server.accepted)
        assert set(copies) >= {accounts[account] for account in by_mails}, its.seed
        twice = copies.total() - len(by_mails)
        assert twice <= (_DEATHS + is_stopped) * twice_at_most(_PLACES), "more only of what a dead process had in hand"
        assert by_mail or not copies
