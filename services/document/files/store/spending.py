"""The cost of checks, by owner and hour."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.store.documents import Row
from shared.db import ReadSession


class CheckSpending(Row):
    """The cost of the checks of one owner, or of one address of people without an account, in one hour.

    `spender` is `owner:<uuid>` or `address:<digest>`; seconds are of CPU.
    """

    __tablename__ = "check_spending"
    __journalled__ = False

    spender: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    refused: Mapped[int]


_table: Any = CheckSpending.__table__
_new = insert(_table)
# Built once: a statement that holds its rows is compiled for each check.
_CHARGE = _new.on_conflict_do_update(
    index_elements=["spender", "hour"],
    set_={"seconds": _table.c.seconds + _new.excluded.seconds, "refused": _table.c.refused + _new.excluded.refused},
)


async def spent_in(session: ReadSession, hour: datetime, spenders: Sequence[str]) -> Sequence[CheckSpending]:
    """The rows of an hour that there are for `spenders`."""
    query = select(CheckSpending).where(CheckSpending.hour == hour, CheckSpending.spender.in_(spenders))
    rows: Sequence[CheckSpending] = (await session.scalars(query)).all()
    return rows


async def charge(session: AsyncSession, spenders: Set[str], hour: datetime, seconds: float, refused: int) -> None:
    """Add the cost of some checks to the hour's row of each spender."""
    # In one order for all, so that two checks never wait for each other.
    rows = [{"spender": key, "hour": hour, "seconds": seconds, "refused": refused} for key in sorted(spenders)]
    await session.execute(_CHARGE, rows)


async def refused_recently(session: ReadSession, now: datetime) -> dict[str, float]:
    """Files that checks refused in this hour, and the seconds of CPU that checks took in it."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    query = select(
        func.coalesce(func.sum(CheckSpending.refused), 0).label("refused-files"),
        func.coalesce(func.sum(CheckSpending.seconds), 0).label("check-seconds"),
    ).where(CheckSpending.hour == hour, CheckSpending.spender.startswith("owner:"))
    found = (await session.execute(query)).mappings().one()
    return {name: round(float(number), 1) for name, number in found.items()}


async def forget_spending(session: AsyncSession, before: datetime) -> None:
    """Remove what was counted before `before`."""
    await session.execute(delete(CheckSpending).where(CheckSpending.hour < before))
