"""Recording how attempts went: many at a time, because each would otherwise cost a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notification.webhooks.commands.inform import stop
from services.notification.webhooks.domain.answers import Answer, Outcome
from services.notification.webhooks.domain.retries import Health, next_attempt, pause
from services.notification.webhooks.metrics import DISABLED
from services.notification.webhooks.store import messages, webhooks
from services.notification.webhooks.store.tables import Webhook, WebhookHealth, WebhookMessage
from shared.events.notification import WebhookDisabled
from shared.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One attempt that has ended. `chance` in [0, 1) spreads the next ones."""

    message_id: UUID
    webhook_id: UUID
    number: int
    at: datetime
    milliseconds: int
    sent: dict[str, str]
    answer: Answer
    chance: float


async def record(work: Work, sender: int, attempts: Sequence[Attempt]) -> None:
    """Record attempts of `sender`. Of a message that another sender has claimed since, nothing is changed."""
    found = await messages.claimed(work.session, sender, [each.message_id for each in attempts])
    mine = [each for each in attempts if each.message_id in found]
    if not mine:
        return
    good = [each for each in mine if each.answer.outcome is Outcome.ACCEPTED]
    bad = [each for each in mine if each.answer.outcome is not Outcome.ACCEPTED]
    if good:
        await messages.accept(work.session, [each.message_id for each in good], work.now)
    if bad:
        receivers = await webhooks.locked_each(work.session, sorted({each.webhook_id for each in bad}))
        for each in bad:
            await _record_failure(work, each, found[each.message_id], *receivers[each.webhook_id])
        # One command may change health by statement below.
        await work.session.flush()
    if good:
        await webhooks.healed(work.session, sorted({each.webhook_id for each in good}))
    await messages.record_attempts(work.session, [_row(work, each) for each in mine])


async def _record_failure(
    work: Work, attempt: Attempt, message: WebhookMessage, webhook: Webhook, health: WebhookHealth
) -> None:
    answer = attempt.answer
    health.failing_since = health.failing_since or attempt.at
    if answer.outcome.unreachable:
        health.failures += 1
        health.paused_until = work.now + pause(health.failures, attempt.chance, answer.retry_after)
    assert message.first_tried_at is not None
    first = max(message.first_tried_at, webhook.enabled_at)
    tries = message.attempts - message.earlier_attempts
    due = next_attempt(tries, first, work.now, attempt.chance, answer.retry_after)
    message.claimed_by = None
    gone = answer.outcome is Outcome.GONE
    if gone or Health(health.failing_since, webhook.enabled_at).is_given_up(work.now):
        # What waits goes out when it is enabled again, this message included.
        message.state, message.next_try_at = "waiting", work.now
        if webhook.disabled_at is None and webhook.removed_at is None:
            _give_up(work, webhook, "gone" if gone else "no-answer")
    elif due is None:
        message.state, message.ended_at = "failed", work.now
    else:
        message.state, message.next_try_at = "waiting", due
        await messages.hold_back(work.session, message, due)


def _give_up(work: Work, webhook: Webhook, reason: str) -> None:
    stop(work, webhook, reason)
    DISABLED.labels(reason).inc()
    work.emit(
        WebhookDisabled(
            webhook_id=webhook.id,
            account_id=webhook.account_id,
            organisation_id=webhook.organisation_id,
            role=webhook.role,
            sealed_name=work.seal(webhook.name),
            reason_code=reason,
            disabled_at=work.now,
        )
    )


def _row(work: Work, attempt: Attempt) -> dict[str, object]:
    answer = attempt.answer
    return {
        "message_id": attempt.message_id,
        "number": attempt.number,
        "at": attempt.at,
        "milliseconds": attempt.milliseconds,
        "outcome": answer.outcome.value,
        "status": answer.status,
        "sent": attempt.sent,
        "answered": answer.headers,
        "sealed_answer": work.seal(answer.shown_body) if answer.body else None,
    }
