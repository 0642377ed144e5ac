"""CloudEvents 1.0, Kafka binary mode: the attributes are `ce_*` headers, the body is the JSON of one model."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ValidationError

from shared.events import Event, by_type
from shared.messaging.message import Message

_FIXED = (("ce_specversion", b"1.0"), ("content-type", b"application/json"))


class Undecodable(ValueError):
    """The message is no event of ours. The text says where, never what was found there."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The attributes of one event. `id` is what an inbox remembers; `causationid` the event that led to this one."""

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str
    traceparent: str | None = None
    correlationid: UUID | None = None
    causationid: UUID | None = None

    @classmethod
    def of(
        cls,
        event: Event,
        *,
        id: UUID,
        source: str,
        time: datetime,
        traceparent: str | None = None,
        correlationid: UUID | None = None,
        causationid: UUID | None = None,
    ) -> Self:
        """The envelope of `event`; without a `correlationid` the event is the first of its own story."""
        kind = event.event_type()
        schema = f"urn:zairyu:schema:{kind}"
        return cls(id, source, kind, str(event.key), time, schema, traceparent, correlationid or id, causationid)


def encode(event: Event, envelope: Envelope) -> Message:
    """`event` as a message to its topic, keyed by its aggregate."""
    headers = [*_FIXED]
    for name in Envelope.__slots__:
        value = getattr(envelope, name)
        if value is not None:
            text = value.isoformat() if isinstance(value, datetime) else str(value)
            headers.append((f"ce_{name}", text.encode()))
    return Message(event.topic, str(event.key), event.model_dump_json().encode(), tuple(headers))


def decode(message: Message, lookup: Callable[[str], type[Event]] = by_type) -> tuple[Envelope, Event]:
    """The envelope and the event in `message`. `lookup` finds the model of a type (KeyError: none).

    Raises `Undecodable`.
    """
    envelope = decode_envelope(message)
    try:
        model = lookup(envelope.type)
    except KeyError:
        raise Undecodable("ce_type: no such event") from None
    try:
        return envelope, model.model_validate_json(message.value)
    except ValidationError as error:
        places = ", ".join(
            f"{'.'.join(str(step) for step in e['loc'])}: {e['type']}" for e in error.errors(include_input=False)[:5]
        )
        raise Undecodable(f"body does not fit {model.__name__} ({places})") from None


def decode_envelope(message: Message) -> Envelope:
    """The envelope alone. Raises `Undecodable`."""
    found = {name: value for name, value in message.headers if name.startswith("ce_")}
    name = ""
    try:

        def text(attribute: str) -> str:
            nonlocal name
            name = f"ce_{attribute}"
            return found[name].decode()

        def maybe(attribute: str) -> str | None:
            return text(attribute) if f"ce_{attribute}" in found else None

        correlation, causation = maybe("correlationid"), maybe("causationid")
        return Envelope(
            id=UUID(text("id")),
            source=text("source"),
            type=text("type"),
            subject=maybe("subject") or message.key,
            dataschema=maybe("dataschema") or "",
            traceparent=maybe("traceparent"),
            correlationid=UUID(correlation) if correlation else None,
            causationid=UUID(causation) if causation else None,
            time=_aware(text("time")),
        )
    except KeyError:
        raise Undecodable(f"{name}: missing") from None
    except ValueError:
        raise Undecodable(f"{name or 'ce_correlationid'}: malformed") from None


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without a time zone")
    return moment
