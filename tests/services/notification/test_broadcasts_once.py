"""A broadcast reaches each recipient once, whenever the process dies that hands it over."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from deploy.local.smtp import Mailbox
from services.notification.address_book.store import Contact, Member
from services.notification.broadcasts.store import Broadcast
from services.notification.messages.store import Notification
from shared.clock import SystemClock
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_broadcasts import approved
from tests.support.keys import environment
from tests.support.service import running
from tests.support.waiting import eventually

_PLACES = 8


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    children: list[subprocess.Popen[bytes]] = []
    yield children
    for child in children:
        child.kill()
        child.wait()


def start(database: TestDatabase, mailbox: Mailbox) -> subprocess.Popen[bytes]:
    settings = {
        "DATABASE_URL": database.url,
        "SMTP_HOST": mailbox.host,
        "SMTP_PORT": str(mailbox.port),
        "MAIL_CONCURRENCY": str(_PLACES),
    }
    env = {**os.environ, **environment("notification"), **{f"ZAIRYU_{name}": text for name, text in settings.items()}}
    return subprocess.Popen([sys.executable, "-m", "tests.services.notification.broadcast_process"], env=env)


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


@pytest.mark.faults
@pytest.mark.parametrize(("by_mail", "count"), [(False, 4_000), (True, 300)], ids=["inbox", "mail"])
async def test_a_broadcast_goes_on_at_its_place_after_a_kill(
    service_database: Callable[[str], TestDatabase],
    mailbox: Mailbox,
    processes: list[subprocess.Popen[bytes]],
    by_mail: bool,
    count: int,
) -> None:
    database, clock = service_database("notification"), SystemClock()
    mailbox.accept_all()
    mailbox.clear()
    async with running("notification", database, clock=clock) as service:
        post = MailClient(service, clock, mailbox)  # type: ignore[arg-type]
        accounts = await enter_accounts(post, count)
        broadcast = await approved(post, by_mail=by_mail)
        processes.append(start(database, mailbox))

        async def progress() -> Any:
            async with service.db.read() as session:
                return (await session.execute(select(Broadcast.state, Broadcast.handed_over))).one()

        wanted = random.randint(0, count * 3 // 4)

        async def far_enough() -> bool:
            if not by_mail:
                return bool((await progress()).handed_over >= wanted)
            async with service.db.read() as session:
                accepted = select(func.count()).where(Notification.state == "sent")
                return bool(await session.scalar(accepted) >= wanted)

        await eventually(far_enough, 240)
        processes[0].kill()
        await asyncio.to_thread(processes[0].wait)
        processes.append(start(database, mailbox))

        async def sent() -> bool:
            return bool((await progress()).state == "sent")

        await eventually(sent, 240)
        assert (await progress()).handed_over == count
        async with service.db.read() as session:
            cause = Notification.cause_event_id == UUID(broadcast["id"])
            found = list(await session.scalars(select(Notification.account_id).where(cause)))
            states = await session.scalar(
                select(func.count()).where(cause, Notification.state == ("sent" if by_mail else "inbox"))
            )
        assert sorted(found, key=str) == sorted(accounts, key=str), "each account has it exactly once"
        assert states == count
        copies = Counter(message["Message-ID"] for message in mailbox.messages())
        assert len(copies) == (count if by_mail else 0)
        assert sum(copies.values()) - len(copies) <= _PLACES, "twice only what the dead process had in hand"
