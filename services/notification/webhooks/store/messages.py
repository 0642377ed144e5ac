"""Messages of webhooks: entering them, recording attempts, and the log of each webhook."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.address_book.store import Application
from services.notification.webhooks.store.tables import Webhook, WebhookAttempt, WebhookMessage
from shared.db import ReadSession
from shared.operations.state.queues import Queue

_NO_SYNC: Mapping[str, Any] = {"synchronize_session": False}


async def hold_order(session: AsyncSession, subject: UUID) -> None:
    """Have other messages about this application wait until this transaction ends: the commits give their order."""
    query = select(Application.application_id).where(Application.application_id == subject)
    await session.execute(query.with_for_update())


async def put_off_until(session: AsyncSession, webhook_ids: Sequence[UUID], subject: UUID) -> dict[UUID, datetime]:
    """For each webhook that has an earlier message about `subject` which waits: until when it does."""
    query = (
        select(WebhookMessage.webhook_id, func.max(WebhookMessage.next_try_at))
        .where(
            WebhookMessage.webhook_id.in_(webhook_ids),
            WebhookMessage.subject == subject,
            WebhookMessage.state.in_(("waiting", "sending")),
        )
        .group_by(WebhookMessage.webhook_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def enter(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter messages; those that are known already stay as they are."""
    await session.execute(insert(WebhookMessage).values(list(rows)).on_conflict_do_nothing())


async def claimed(session: AsyncSession, sender: int, ids: Sequence[UUID]) -> dict[UUID, WebhookMessage]:
    """Of these messages those that `sender` still has claimed, locked in one order for all senders."""
    query = select(WebhookMessage).where(WebhookMessage.id.in_(ids), WebhookMessage.claimed_by == sender)
    rows = await session.scalars(query.order_by(WebhookMessage.id).with_for_update())
    return {row.id: row for row in rows}


async def accept(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> None:
    """Record that receivers have accepted these messages."""
    ended = {"state": "accepted", "claimed_by": None, "ended_at": now}
    accepted = update(WebhookMessage).where(WebhookMessage.id.in_(ids)).values(ended)
    await session.execute(accepted.execution_options(**_NO_SYNC))


async def hold_back(session: AsyncSession, message: WebhookMessage, until: datetime) -> None:
    """Have the later messages about the same subject wait as long as `message`: no claim looks at them before."""
    later = and_(
        WebhookMessage.webhook_id == message.webhook_id,
        WebhookMessage.subject == message.subject,
        WebhookMessage.position > message.position,
        WebhookMessage.state == "waiting",
        WebhookMessage.next_try_at < until,
    )
    put_off = update(WebhookMessage).where(later).values(next_try_at=until)
    await session.execute(put_off.execution_options(**_NO_SYNC))


async def record_attempts(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record attempts. One that another sender recorded under the same number stays."""
    await session.execute(insert(WebhookAttempt).on_conflict_do_nothing(), list(rows))


async def message(session: ReadSession, webhook_id: UUID, message_id: UUID) -> WebhookMessage | None:
    """A message of a webhook."""
    query = select(WebhookMessage).where(WebhookMessage.id == message_id, WebhookMessage.webhook_id == webhook_id)
    found: WebhookMessage | None = await session.scalar(query)
    return found


async def attempts(session: ReadSession, message_id: UUID, most: int) -> Sequence[WebhookAttempt]:
    """The attempts to hand a message over, newest first."""
    query = select(WebhookAttempt).where(WebhookAttempt.message_id == message_id)
    rows: Sequence[WebhookAttempt] = (
        await session.scalars(query.order_by(WebhookAttempt.number.desc()).limit(most))
    ).all()
    return rows


async def search(
    session: ReadSession,
    webhook_id: UUID,
    *,
    state: str | None,
    subject: UUID | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[WebhookMessage]:
    """Messages of a webhook, newest first; each argument that is not None narrows the search."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook_id)
    if state is not None:
        query = query.where(WebhookMessage.state == state)
    if subject is not None:
        query = query.where(WebhookMessage.subject == subject)
    if after is not None:
        query = query.where(WebhookMessage.position < after[0])
    rows: Sequence[WebhookMessage] = (
        await session.scalars(query.order_by(WebhookMessage.position.desc()).limit(limit))
    ).all()
    return rows


async def counts(session: ReadSession, webhook_ids: Sequence[UUID], most: int) -> dict[UUID, int]:
    """For each webhook how many messages wait, counted up to `most`."""
    counted = {}
    for webhook_id in webhook_ids:
        open_ = select(WebhookMessage.id).where(
            WebhookMessage.webhook_id == webhook_id, WebhookMessage.state.in_(("waiting", "sending"))
        )
        counted[webhook_id] = int(
            await session.scalar(select(func.count()).select_from(open_.limit(most).subquery())) or 0
        )
    return counted


async def send_again(session: AsyncSession, which: ColumnElement[bool], now: datetime) -> int:
    """Have messages that have ended sent again, from the first attempt on; how many."""
    ended = and_(which, WebhookMessage.state.in_(("accepted", "failed")))
    again: dict[str, Any] = {"state": "waiting", "next_try_at": now, "first_tried_at": None, "ended_at": None}
    again |= {"earlier_attempts": WebhookMessage.attempts}
    result: Any = await session.execute(update(WebhookMessage).where(ended).values(again).execution_options(**_NO_SYNC))
    return int(result.rowcount)


def of_time(webhook_id: UUID, since: datetime, until: datetime, *, accepted: bool) -> ColumnElement[bool]:
    """The condition for the messages of a webhook made from `since` to before `until`; those accepted only if asked."""
    span = and_(
        WebhookMessage.webhook_id == webhook_id,
        WebhookMessage.created_at >= since,
        WebhookMessage.created_at < until,
    )
    return span if accepted else and_(span, WebhookMessage.state == "failed")


def one(webhook_id: UUID, message_id: UUID) -> ColumnElement[bool]:
    """The condition for one message of a webhook."""
    return and_(WebhookMessage.webhook_id == webhook_id, WebhookMessage.id == message_id)


async def erase(session: AsyncSession, before: datetime, limit: int) -> int:
    """Erase up to `limit` messages made before `before`, or of webhooks that were removed; how many."""
    removed = select(Webhook.id).where(Webhook.removed_at.is_not(None))
    old = or_(WebhookMessage.created_at < before, WebhookMessage.webhook_id.in_(removed))
    some = select(WebhookMessage.id).where(old, WebhookMessage.state != "sending").limit(limit)
    result: Any = await session.execute(
        delete(WebhookMessage).where(WebhookMessage.id.in_(some)).execution_options(**_NO_SYNC)
    )
    return int(result.rowcount)


_WAITING_SINCE = text(
    "SELECT count(*), min(message.created_at) FROM webhook_messages AS message JOIN webhooks ON"
    " webhooks.id = message.webhook_id WHERE message.state IN ('waiting', 'sending')"
    " AND webhooks.disabled_at IS NULL AND webhooks.removed_at IS NULL"
)


async def waiting_since(session: ReadSession) -> tuple[int, datetime | None]:
    """The number of messages that enabled webhooks have not accepted yet, and since when the oldest waits."""
    row: Any = (await session.execute(_WAITING_SINCE)).one()
    return int(row[0]), row[1]


async def _measure(session: ReadSession, _: datetime) -> tuple[int, datetime | None]:
    return await waiting_since(session)


# A receiver that is away for long is left aside; until then its messages wait.
WAITING = Queue("webhooks", _measure, timedelta(hours=6))
