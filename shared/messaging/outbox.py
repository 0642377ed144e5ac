"""The outbox: events are rows in the transaction that changes the state, so neither exists without the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from shared.db.together import insert_together
from shared.ids import first_id, new_id
from shared.messaging.message import Message
from shared.messaging.tables import headers_to_json, outbox, recent_events, sent_events
from shared.partitions.divided import rest_of

# Longer than a consumer lags, and shorter than topics keep what may hold sealed addresses.
RECENT = timedelta(days=2)

# Callbacks of this process for each database: a transaction left rows in its outbox.
_wakers: WeakKeyDictionary[Engine, list[Callable[[], None]]] = WeakKeyDictionary()


async def put(session: AsyncSession, messages: Sequence[Message]) -> None:
    """Write `messages` in the caller's transaction: they are sent, in this order, if and only if it commits.

    The order of one key across transactions is the order in which they come here: lock the aggregate first.
    """
    if not messages:
        return
    await insert_together(await session.connection(), outbox, [_row(message) for message in messages])
    sync = session.sync_session
    if "outbox_wakes" not in sync.info:
        sync.info["outbox_wakes"] = True
        event.listen(sync, "after_commit", _wake)


async def forget(session: AsyncSession, now: datetime, remembered: timedelta) -> None:
    """Delete which events were sent that were made longer ago than `remembered`, and what older than recent ones
    said."""
    sent = await rest_of(session, sent_events)
    await session.execute(delete(sent).where(sent.c.event_id < first_id(now - remembered)))
    await session.execute(delete(recent_events).where(recent_events.c.recorded_at < now - RECENT))


@contextmanager
def woken(engine: AsyncEngine, wake: Callable[[], None]) -> Iterator[None]:
    """Call `wake` whenever a transaction of this process committed outbox rows to `engine`'s database."""
    wakers = _wakers.setdefault(engine.sync_engine, [])
    wakers.append(wake)
    try:
        yield
    finally:
        wakers.remove(wake)


def _wake(session: Session) -> None:
    engine = session.get_bind().engine
    for wake in _wakers.get(engine, ()):
        wake()


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": _event_id(message),
        "aggregatetype": message.topic,
        "aggregateid": message.key,
        "type": message.header("ce_type") or "",
        "payload": message.value,
        "headers": headers_to_json(message.headers),
    }


def _event_id(message: Message) -> UUID:
    try:
        return UUID(message.header("ce_id") or "")
    except ValueError:
        return new_id()  # the copy of a dead letter that is no event
