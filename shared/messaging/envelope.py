"""CloudEvents 1.0, Kafka binary mode: the attributes are `ce_*` headers, the body is the JSON of one model."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from asyncpg.pgproto import pgproto
from pydantic import ValidationError

from shared.events import by_type
from shared.events.base import Event
from shared.messaging.message import Message

_FIXED = (("ce_specversion", b"1.0"), ("content-type", b"application/json"))


class Undecodable(ValueError):
    """The message is no event of ours. The text says where, never what was found there."""


class Envelope(NamedTuple):
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
    for name, value in zip(envelope._fields, envelope, strict=True):
        if value is not None:
            text = value.isoformat() if isinstance(value, datetime) else str(value)
            headers.append((f"ce_{name}", text.encode()))
    return Message(event.topic, str(event.key), event.body, tuple(headers))


def decode(
    message: Message,
    lookup: Callable[[str], type[Event]] = by_type,
    headers: Mapping[str, bytes] | None = None,
) -> tuple[Envelope, Event]:
    """The envelope and the event in `message`. `lookup` finds the model of a type (KeyError: none).

    `headers` are those of the message by name, where the caller has them already. Raises `Undecodable`.
    """
    envelope = decode_envelope(message, headers)
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


def decode_envelope(message: Message, headers: Mapping[str, bytes] | None = None) -> Envelope:
    """The envelope alone. Raises `Undecodable`."""
    found = dict(message.headers) if headers is None else headers
    try:
        subject, schema, trace = found.get("ce_subject"), found.get("ce_dataschema"), found.get("ce_traceparent")
        correlation, causation = found.get("ce_correlationid"), found.get("ce_causationid")
        return Envelope(
            _id(found["ce_id"].decode()),
            found["ce_source"].decode(),
            found["ce_type"].decode(),
            subject.decode() if subject else message.key,
            _aware(found["ce_time"].decode()),
            schema.decode() if schema else "",
            trace.decode() if trace is not None else None,
            _id(correlation.decode()) if correlation else None,
            _id(causation.decode()) if causation else None,
        )
    except KeyError as missing:
        raise Undecodable(f"{missing.args[0]}: missing") from None
    except ValueError:
        raise Undecodable(f"{_malformed(found)}: malformed") from None


def _id(text: str) -> UUID:
    # Of the class whose values the driver returns: a UUID that is read in C, an eighth of the time.
    found: UUID = pgproto.UUID(text)
    return found


_READ: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("ce_id", "ce_correlationid", "ce_causationid"), _id),
    **dict.fromkeys(("ce_source", "ce_type", "ce_subject", "ce_dataschema", "ce_traceparent"), str),
    "ce_time": lambda text: _aware(text),
}


def _malformed(found: Mapping[str, bytes]) -> str:
    """The first attribute that cannot be read."""
    for name, read in _READ.items():
        raw = found.get(name)
        if raw is None or (not raw and name not in ("ce_id", "ce_time")):
            continue
        try:
            read(raw.decode())
        except ValueError:
            return name
    return "headers"


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without a time zone")
    return moment
