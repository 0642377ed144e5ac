"""The tables that are divided in a database."""

from sqlalchemy import MetaData, Table, text

from shared.db import ReadSession
from shared.partitions.model import DIVIDED

_DIVIDED = text(
    "SELECT relname FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid"
    " WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
)


async def divided_tables(session: ReadSession) -> list[str]:
    """The names of those tables that are divided here."""
    return [name for name in await session.scalars(_DIVIDED) if name in DIVIDED]


async def rest_of(session: ReadSession, table: Table) -> Table:
    """The table whose rows are deleted one by one: of a divided one that of the rest, as periods go as a whole."""
    if table.name not in await divided_tables(session):
        return table
    return table.to_metadata(MetaData(), name=DIVIDED[table.name].rest)
