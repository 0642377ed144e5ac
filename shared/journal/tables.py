"""The journal's tables as SQLAlchemy sees them; `v1.sql` and `v3.sql` create them."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

journal = Table(
    "journal",
    metadata,
    Column("position", BigInteger, primary_key=True),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_organisation_id", Uuid),
    Column("actor_name", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("cause_event_id", Uuid),
    Column("idempotency_scope", Text),
    Column("idempotency_key", Text),
    Column("fingerprint", LargeBinary),
    Column("answer", JSONB(none_as_null=True)),
    Column("detail", JSONB, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("xid", BigInteger, nullable=False),
)

journal_seals = Table(
    "journal_seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("xid_from", BigInteger, nullable=False),
    Column("xid_to", BigInteger, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)

journal_timestamps = Table(
    "journal_timestamps",
    metadata,
    Column("seal_number", Integer, primary_key=True, autoincrement=False),
    Column("token", LargeBinary, nullable=False),
    Column("obtained_at", DateTime(timezone=True), nullable=False),
)

# Rounds of verification; the one without an end is under way.
journal_rounds = Table(
    "journal_rounds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("ordered_by", Uuid),
    Column("reached", Integer, nullable=False),  # number of the last seal that was verified
    Column("rows", BigInteger, nullable=False),
    Column("contradictions", Integer, nullable=False),
    Column("found", JSONB, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
