"""The tables of `v1.sql` and `v2.sql`, for SQLAlchemy Core."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("expected", BigInteger, nullable=False),
    Column("reached", Uuid),  # key of the last record that was sent
    Column("sent", BigInteger, nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)

rebuilds = Table(
    "rebuilds",
    metadata,
    Column("id", Uuid, primary_key=True),  # that of the snapshot
    Column("projection", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),  # as the owner has it
    Column("state", Text, nullable=False),
    Column("expected", BigInteger, nullable=False),
    Column("is_complete", Boolean, nullable=False),  # the owner has sent all; `expected` is exact
    Column("received", BigInteger, nullable=False),
    Column("measured_at", DateTime(timezone=True), nullable=False),
    Column("reached", Uuid),  # of the release before
    Column("compared", BigInteger, nullable=False),
    Column("different", BigInteger, nullable=False),
    Column("missing", BigInteger, nullable=False),
    Column("unknown", BigInteger, nullable=False),  # rows of the running projection that the owner does not name
    Column("repaired", BigInteger, nullable=False),
    Column("overtaken", BigInteger, nullable=False),  # changed by a live event while much differed: left as they are
    Column("finished_at", DateTime(timezone=True)),
)

# The records of a snapshot that have come.
rebuild_seen = Table(
    "rebuild_seen",
    metadata,
    Column("rebuild_id", Uuid, primary_key=True),
    Column("subject", Uuid, primary_key=True),
)

# Those that differ: what there should be of them, and what became of them before the switch.
rebuild_rows = Table(
    "rebuild_rows",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("rebuild_id", Uuid, primary_key=True),
    Column("facts", JSONB, nullable=False),
    Column("finding", Text),
    Column("projection", Text),
    Column("settled", Text),
)
