"""Every webhook's message at least once and in order, whichever sender dies; twice only what it had in hand."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from services.notification.webhooks.store.tables import WebhookMessage
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.notification.hooks import Hooks, Receiver, opened, receiving
from tests.support.keys import environment
from tests.support.waiting import eventually

_APPLICATIONS = 60
_OF_EACH = 5
_MESSAGES = _APPLICATIONS * _OF_EACH
_PLACES = 16


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    children: list[subprocess.Popen[bytes]] = []
    yield children
    for child in children:
        child.kill()
        child.wait()


def start(database: TestDatabase) -> subprocess.Popen[bytes]:
    settings = {"DATABASE_URL": database.url, "WEBHOOK_LOOPBACK": "true", "WEBHOOK_PLACES": str(_PLACES)}
    env = {**os.environ, **environment("notification"), **{f"ZAIRYU_{name}": text for name, text in settings.items()}}
    return subprocess.Popen([sys.executable, "-m", "tests.services.notification.sender_process"], env=env)


async def enter(hooks: Hooks, webhook: dict[str, Any]) -> None:
    """Messages that are due, several about each application."""
    now, rows = hooks.clock.now(), []
    for _ in range(_APPLICATIONS):
        subject = new_id()
        for number in range(_OF_EACH):
            body = f'{{"data":{{"application_id":"{subject}","number":{number}}}}}'
            made = {"id": new_id(), "webhook_id": webhook["id"], "event_id": new_id(), "type": "review.started"}
            made |= {"subject": subject, "body": body, "state": "waiting", "attempts": 0, "earlier_attempts": 0}
            rows.append(made | {"created_at": now, "next_try_at": now})
    async with hooks.service.db.engine.begin() as connection:
        await connection.execute(insert(WebhookMessage), rows)


async def all_accepted(hooks: Hooks) -> bool:
    async with hooks.service.db.read() as session:
        open_ = select(func.count()).where(WebhookMessage.state != "accepted")
        return bool(await session.scalar(open_) == 0)


def arrived_in_order(receiver: Receiver) -> bool:
    """Whether the first copies of each application's messages came in their order."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for message in receiver.received:
        number = message.content["data"]["number"]
        if number not in numbers[message.about]:
            numbers[message.about].append(number)
    return len(numbers) == _APPLICATIONS and all(seen == list(range(_OF_EACH)) for seen in numbers.values())


@pytest.mark.faults
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
async def test_a_sender_that_dies_doubles_what_it_had_in_hand_and_no_more(
    service_database: Callable[[str], TestDatabase], processes: list[subprocess.Popen[bytes]], how: signal.Signals
) -> None:
    """SIGKILL between hand-over and record; a process that is stopped doubles nothing."""
    database = service_database("notification")
    async with opened(database) as hooks, receiving() as receiver:
        webhook = await hooks.add(receiver.url)
        await enter(hooks, webhook)
        wanted = random.randint(1, _MESSAGES * 3 // 4)
        processes.append(start(database))
        await eventually(lambda: len(receiver.received) >= wanted, 60)
        processes[0].send_signal(how)
        await asyncio.to_thread(processes[0].wait, 30)
        processes.append(start(database))
        await eventually(lambda: all_accepted(hooks), 90)
        copies = Counter(message.id for message in receiver.received)
        assert len(copies) == _MESSAGES
        doubled = sum(copies.values()) - _MESSAGES
        assert doubled <= (_PLACES if how is signal.SIGKILL else 0), doubled
        assert arrived_in_order(receiver)
        for message in receiver.received[-3:]:
            message.verified(webhook["secret"])
