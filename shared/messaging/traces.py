"""The spans of events: their way through the outbox, and their effect."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from opentelemetry.trace import SpanKind

from shared.messaging.envelope import Envelope
from shared.messaging.handlers import Delivery
from shared.messaging.message import Message
from shared.tracing import Step

_KAFKA = {"messaging.system": "kafka"}


def sending(messages: Sequence[Message], ages: Sequence[float]) -> Iterator[Step]:
    """A step for each message that is sent, from its recording on: `ages` are the seconds since then."""
    for message, age in zip(messages, ages, strict=True):
        yield Step(
            f"send {_short(message.header('ce_type') or 'letter')}",
            SpanKind.PRODUCER,
            message.header("ce_traceparent"),
            float(age),
            _KAFKA
            | {
                "messaging.destination.name": message.topic,
                "messaging.message.id": message.header("ce_id") or "",
                "messaging.kafka.message.key": message.key,
            },
            from_then=True,
        )


def handling(group: str, deliveries: Sequence[Delivery]) -> Iterator[Step]:
    """A step for each event that takes effect in `group`."""
    now = datetime.now(UTC)
    for envelope, event in deliveries:
        yield Step(
            f"handle {_short(envelope.type)}",
            SpanKind.CONSUMER,
            envelope.traceparent,
            _seconds(now, envelope),
            _KAFKA
            | {
                "messaging.destination.name": event.topic,
                "messaging.consumer.group.name": group,
                "messaging.message.id": str(envelope.id),
                "messaging.kafka.message.key": envelope.subject,
            },
        )


def _seconds(now: datetime, envelope: Envelope) -> float:
    return max((now - envelope.time).total_seconds(), 0.0)


def _short(kind: str) -> str:
    """`review.CardMailed.v1` as `CardMailed`."""
    return kind.split(".")[1] if kind.count(".") == 2 else kind
