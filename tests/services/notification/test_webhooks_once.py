"""Every webhook's message at least once and in order, whichever sender dies; twice only what it had in hand."""

import asyncio
import random
import signal
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
from tests.support.lives import Lives
from tests.support.waiting import eventually

_APPLICATIONS = 60
_OF_EACH = 5
_MESSAGES = _APPLICATIONS * _OF_EACH
_PLACES = 16


@pytest.fixture
def sender(service_database: Callable[[str], TestDatabase]) -> Iterator[tuple[Lives, TestDatabase]]:
    """The process that sends webhooks, and its database."""
    database = service_database("notification")
    settings = {
        "DATABASE_URL": database.url,
        "PARTS": "jobs",
        "WEBHOOK_LOOPBACK": "true",
        "WEBHOOK_PLACES": str(_PLACES),
    }
    own = {f"ZAIRYU_{name}": value for name, value in settings.items()}
    lives = Lives("tests.services.notification.sender_process", environment={**environment("notification"), **own})
    yield lives, database
    lives.close()


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
    sender: tuple[Lives, TestDatabase], how: signal.Signals
) -> None:
    """SIGKILL between hand-over and record; a process that is stopped doubles nothing."""
    lives, database = sender
    async with opened(database) as hooks, receiving() as receiver:
        webhook = await hooks.add(receiver.url)
        await enter(hooks, webhook)
        wanted = random.randint(1, _MESSAGES * 3 // 4)
        await asyncio.to_thread(lives.start)
        await eventually(lambda: len(receiver.received) >= wanted, 60)
        await asyncio.to_thread(lives.end, how)
        lives.start()
        await eventually(lambda: all_accepted(hooks), 90)
        copies = Counter(message.id for message in receiver.received)
        assert len(copies) == _MESSAGES
        doubled = sum(copies.values()) - _MESSAGES
        assert doubled <= (_PLACES if how is signal.SIGKILL else 0), doubled
        assert arrived_in_order(receiver)
        for message in receiver.received[-3:]:
            message.verified(webhook["secret"])
