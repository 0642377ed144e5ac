"""Seals: a chained Merkle root over all journal rows that are new and can no longer change."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.journal.chain import GENESIS
from shared.journal.merkle import merkle_root
from shared.journal.tables import journal, journal_seals, journal_timestamps

_SEAL_LOCK = 5_310_229_473
Stamper = Callable[[bytes], Awaitable[bytes]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: it covers the `row_count` rows whose writing transaction is in [`xid_from`, `xid_to`)."""

    number: int
    xid_from: int
    xid_to: int
    row_count: int
    root: bytes
    previous_hash: bytes
    sealed_at: datetime

    @property
    def hash(self) -> bytes:
        """SHA-256 over all fields, which chains this seal to the one before it."""
        head = f"zairyu.seal.v1\n{self.number}\n{self.xid_from}\n{self.xid_to}\n{self.row_count}\n"
        moment = self.sealed_at.astimezone(UTC).isoformat()
        return hashlib.sha256(head.encode() + moment.encode() + self.root + self.previous_hash).digest()


async def seal_new_rows(session: AsyncSession, now: datetime) -> Seal | None:
    """Seal every row not sealed yet, in the caller's transaction; `None` when there is none.

    Rows are chosen by the transaction that wrote them, and only transactions older than every running one: a row
    that is committed late can therefore not slip behind a seal. Needs no order between services or processes.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEAL_LOCK})
    last = (await session.execute(select(journal_seals).order_by(journal_seals.c.number.desc()).limit(1))).first()
    start = last.xid_to if last else 0
    horizon = await session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    if horizon <= start:
        return None
    leaves = (await session.scalars(rows_between(start, horizon))).all()
    if not leaves:
        return None
    seal = Seal(
        number=last.number + 1 if last else 1,
        xid_from=start,
        xid_to=horizon,
        row_count=len(leaves),
        root=merkle_root(leaves),
        previous_hash=last.hash if last else GENESIS,
        sealed_at=now,
    )
    values = {name: getattr(seal, name) for name in Seal.__slots__}
    await session.execute(insert(journal_seals).values(**values, hash=seal.hash))
    # The log is the copy outside the database: a seal that is later rewritten contradicts it.
    log.info("journal.sealed", number=seal.number, rows=seal.row_count, seal=seal.hash.hex())
    return seal


async def sealed(session: ReadSession) -> tuple[int, datetime | None]:
    """The number of seals, and when the last one was made."""
    found = (
        await session.execute(
            select(journal_seals.c.number, journal_seals.c.sealed_at).order_by(journal_seals.c.number.desc()).limit(1)
        )
    ).first()
    return (found.number, found.sealed_at) if found else (0, None)


def rows_between(xid_from: int, xid_to: int):  # type: ignore[no-untyped-def]
    """Query for the hashes of the rows a seal covers, in the order of its leaves."""
    return (
        select(journal.c.hash)
        .where(journal.c.xid >= xid_from, journal.c.xid < xid_to)
        .order_by(journal.c.xid, journal.c.position)
    )


async def stamp_seals(session: AsyncSession, stamp: Stamper, now: datetime) -> int:
    """Obtain a time stamp for every seal that has none; the number obtained. A failing service raises."""
    # Stamps are obtained in the order of the seals: all before the last one that has one have one.
    stamped = select(func.coalesce(func.max(journal_timestamps.c.seal_number), 0)).scalar_subquery()
    unstamped = (
        select(journal_seals.c.number, journal_seals.c.hash)
        .where(journal_seals.c.number > stamped)
        .order_by(journal_seals.c.number)
        .limit(100)
    )
    seals = (await session.execute(unstamped)).all()
    for number, digest in seals:
        token = await stamp(digest)
        await session.execute(insert(journal_timestamps).values(seal_number=number, token=token, obtained_at=now))
    return len(seals)
