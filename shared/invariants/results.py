"""The last result of each invariant."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, case, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession

metadata = MetaData()
results = Table(
    "invariant_results",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("violations", BigInteger, nullable=False),
    Column("ids", JSONB, nullable=False),
    Column("error", Text),
    Column("full_at", DateTime(timezone=True)),  # when all records were looked at last
)


async def read(session: ReadSession) -> list[Any]:
    """Every result, by name."""
    return list(await session.execute(select(results).order_by(results.c.name)))


async def keep(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a result; `since` stays that of the first result with the same state."""
    put = insert(results).values(row)
    since = case((results.c.state == put.excluded.state, results.c.since), else_=put.excluded.since)
    changed = {name: put.excluded[name] for name in row if name not in ("name", "since")}
    await session.execute(put.on_conflict_do_update(index_elements=["name"], set_={**changed, "since": since}))


async def forget_others(session: AsyncSession, names: Collection[str]) -> None:
    """Forget the results of invariants that are not checked any more."""
    await session.execute(delete(results).where(results.c.name.not_in(names)))
