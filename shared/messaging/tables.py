"""The tables of `v1.sql` to `v5.sql` for SQLAlchemy Core, and headers as JSON."""

import base64
from typing import Any

from pydantic_core import from_json
from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from shared.messaging.message import Headers

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False),  # of the event; a dead letter's copy carries it again
    Column("aggregatetype", Text, nullable=False),  # the topic
    Column("aggregateid", Text, nullable=False),  # the key
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),  # the database's clock; for the age alone
)

# Rows of the outbox that were sent, whole and with their positions, for `outbox.RECENT`.
recent_events = Table(
    "recent_events",
    metadata,
    *(Column(each.name, each.type, primary_key=each.primary_key, nullable=False) for each in outbox.c),
)

# Rows of the outbox that were sent, for as long as inboxes remember. An id begins with the moment at which it was made.
sent_events = Table(
    "sent_events",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer_group", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

_LETTER = ("topic", Text), ("partition", Integer), ("log_offset", BigInteger), ("key", Text)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, Identity(always=True)),  # order of arrival; within one key the order of the log
    Column("consumer_group", Text, nullable=False),
    *(Column(name, kind, nullable=False) for name, kind in _LETTER),
    Column("value", LargeBinary, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("event_id", Uuid),
    Column("event_type", Text),
    Column("status", Text, nullable=False),
    Column("waiting_for", Uuid),
    Column("error_type", Text),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("first_failed_at", DateTime(timezone=True), nullable=False),
    Column("retry_at", DateTime(timezone=True)),
)

dead_letter_decisions = Table(
    "dead_letter_decisions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("letter_id", Uuid, nullable=False),
    Column("consumer_group", Text, nullable=False),
    *(Column(name, kind, nullable=False) for name, kind in _LETTER),
    Column("event_id", Uuid),
    Column("event_type", Text),
    Column("error_type", Text),
    Column("action", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
)


def headers_to_json(headers: Headers) -> list[list[str]]:
    """`[name, text]`, or `[name, base64, "base64"]` where a foreign header is not text PostgreSQL can keep."""
    rows = []
    for name, value in headers:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = "\0"
        rows.append([name, base64.b64encode(value).decode(), "base64"] if "\0" in text else [name, text])
    return rows


def headers_from_json(rows: list[Any]) -> Headers:
    """The headers that `headers_to_json` wrote."""
    return tuple([(row[0], row[1].encode() if len(row) == 2 else base64.b64decode(row[1])) for row in rows])


def headers_from_text(written: str) -> Headers:
    """The headers in a column `headers` that was read as text."""
    return headers_from_json(from_json(written))
