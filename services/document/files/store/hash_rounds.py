"""Progress of the comparison of stored files with their hashes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.domain import Status
from services.document.files.store.documents import Document, Row
from shared.db import ReadSession


class HashRound(Row):
    """Progress of the background comparison of stored files with their hashes: one row."""

    __tablename__ = "hash_rounds"
    __journalled__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[UUID | None]
    since: Mapped[datetime]


async def hash_round(session: AsyncSession, now: datetime) -> HashRound:
    """The row with the progress of the hash comparison, locked; begun at `now` where there is none."""
    found: HashRound | None = await session.get(HashRound, 1, with_for_update=True)
    if found is None:
        found = HashRound(id=1, after=None, since=now)
        session.add(found)
    return found


async def stored_after(session: ReadSession, after: UUID | None, limit: int) -> Sequence[Document]:
    """The next accepted files in the order of their ids."""
    query = select(Document).where(Document.status == Status.ACCEPTED).order_by(Document.id).limit(limit)
    if after is not None:
        query = query.where(Document.id > after)
    rows: Sequence[Document] = (await session.scalars(query)).all()
    return rows
