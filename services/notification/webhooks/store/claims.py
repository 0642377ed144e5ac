"""Claims: statements by which senders share the messages, so that no receiver holds up another's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, TextClause, and_, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.delivery.store import missed_of
from services.notification.webhooks.store.tables import WebhookMessage

_SENDING = WebhookMessage.state == "sending"

# For each receiver that may get something now, its next messages: of one subject only the earliest that has not ended,
# and no more than it has places; one alone for a receiver that fails. The receivers take turns, so that one with a
# long queue does not fill the places of the process.
# The limit of a receiver's messages is a number in the statement: of one that is computed for each receiver PostgreSQL
# expects a tenth of the queue, and with a long one it looks through all of it.
_CLAIM = """
    WITH receivers AS (
        SELECT webhooks.id AS webhook_id,
            CASE WHEN health.failing_since IS NULL THEN {each} ELSE 1 END
                - coalesce(busy.count, 0) AS free
        FROM webhooks JOIN webhook_health AS health ON health.webhook_id = webhooks.id
        LEFT JOIN unnest(CAST(:busy_ids AS uuid[]), CAST(:busy_counts AS integer[])) AS busy (id, count)
            ON busy.id = webhooks.id
        WHERE webhooks.disabled_at IS NULL AND webhooks.removed_at IS NULL
            AND (health.paused_until IS NULL OR health.paused_until <= :now)
    ), due AS (
        SELECT next.id FROM receivers CROSS JOIN LATERAL (
            SELECT first.*, row_number() OVER (ORDER BY first.next_try_at, first.position) AS turn
            FROM (
                SELECT message.id, message.next_try_at, message.position
                FROM webhook_messages AS message
                WHERE message.webhook_id = receivers.webhook_id AND message.state = 'waiting'
                    AND message.next_try_at <= :now
                    AND NOT EXISTS (
                        SELECT FROM webhook_messages AS earlier
                        WHERE earlier.webhook_id = message.webhook_id AND earlier.subject = message.subject
                            AND earlier.position < message.position AND earlier.state IN ('waiting', 'sending')
                    )
                ORDER BY message.next_try_at, message.position LIMIT {each}
            ) AS first
            WHERE receivers.free > 0
        ) AS next
        WHERE next.turn <= receivers.free
        ORDER BY next.turn, next.next_try_at LIMIT :limit
    ), mine AS (
        SELECT id FROM webhook_messages WHERE id IN (SELECT id FROM due) AND state = 'waiting' FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_messages AS message
    SET state = 'sending', claimed_by = :sender, attempts = attempts + 1,
        first_tried_at = coalesce(first_tried_at, :now)
    FROM mine, webhooks
    WHERE message.id = mine.id AND webhooks.id = message.webhook_id
    RETURNING message.id, message.webhook_id, message.event_id, message.type, message.body, message.attempts,
        message.created_at, webhooks.url, ARRAY(
            SELECT secret.sealed_secret FROM webhook_secrets AS secret
            WHERE secret.webhook_id = message.webhook_id AND (secret.ends_at IS NULL OR secret.ends_at > :now)
            ORDER BY secret.created_at DESC
        ) AS sealed_secrets
    """


@lru_cache
def _claim(each: int) -> TextClause:
    return text(_CLAIM.format(each=each))


def claim(
    sender: int, now: datetime, *, limit: int, each: int, busy: Mapping[UUID, int]
) -> tuple[Executable, dict[str, Any]]:
    """The statement that claims up to `limit` due messages, and its values; `each` is the most of one receiver, of
    which `busy` are under way already."""
    values = {
        "sender": sender,
        "now": now,
        "limit": limit,
        "busy_ids": list(busy),
        "busy_counts": list(busy.values()),
    }
    return _claim(each), values


def release(sender: int, in_hand: Sequence[UUID]) -> Executable:
    """Release what `sender` has claimed, except for the messages `in_hand`: the others were never begun."""
    lost = and_(WebhookMessage.claimed_by == sender, _SENDING, WebhookMessage.id.not_in(in_hand))
    waiting = {"state": "waiting", "claimed_by": None, "attempts": WebhookMessage.attempts - 1}
    return update(WebhookMessage).where(lost).values(waiting).execution_options(synchronize_session=False)


MISSED = missed_of(WebhookMessage.claimed_by, _SENDING)


async def give_back(session: AsyncSession, sender: int) -> int:
    """Give back what a dead sender had claimed; how many. Its receiver may have it already, under the same id."""
    dead = and_(_SENDING, WebhookMessage.claimed_by == sender)
    waiting = update(WebhookMessage).where(dead).values(state="waiting", claimed_by=None)
    result: Any = await session.execute(waiting.execution_options(synchronize_session=False))
    return int(result.rowcount)
