"""The tables of `v1.sql` to `v3.sql`, as they are now, for SQLAlchemy Core."""

from sqlalchemy import BigInteger, Column, DateTime, Double, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

letter_orders = Table(
    "letter_orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("action", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("letter_id", Uuid),
    Column("error_type", Text),
    Column("error", Text),
    Column("event_type", Text),
    Column("reason", Text, nullable=False),
    Column("until_position", BigInteger, nullable=False),  # letters that came later are no part of the order
    Column("total", Integer, nullable=False),
    Column("ordered_by", Uuid, nullable=False),
    Column("ordered_person", Text),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False),
    Column("reached", BigInteger, nullable=False),  # position of the last letter that was worked through
    Column("resolved", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("approved_by", Uuid),
    Column("approved_person", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
)

process_states = Table(
    "process_states",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", Text, nullable=False),
    # A process of the release before reads these as well: their fields are only added, with a default.
    Column("parts", JSONB, nullable=False),
    Column("checks", JSONB, nullable=False),
    Column("notices", JSONB, nullable=False),
    Column("relay", JSONB(none_as_null=True)),
    Column("consumer", JSONB(none_as_null=True)),
    Column("working_on", JSONB, nullable=False),
    Column("requests", JSONB(none_as_null=True)),
    Column("memory_bytes", BigInteger),
    Column("open_files", Integer),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

samples = Table(
    "samples",
    metadata,
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Double, nullable=False),
)
