"""Archives and their files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, and_, case, delete, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.archives.domain import EntryState, State
from services.document.files.domain import Status
from services.document.files.store.documents import Document, Row
from shared.auth import Owner
from shared.db import ReadSession
from shared.errors import NotFound


class Archive(Row):
    """A ZIP that was sent. `acts` is who sent it (`Actor.kept`), `problem` why nothing of it is unpacked."""

    __tablename__ = "archives"
    __journalled__ = False
    __table_args__ = (
        CheckConstraint("state IN ('checking', 'checked', 'refused')", name="state"),
        CheckConstraint("(state = 'refused') = (problem IS NOT NULL)", name="refused_says_why"),
        Index("ix_archives_owner_id_id", "owner_id", "id"),
        Index("ix_archives_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    acts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str]
    problem: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ArchiveEntry(Row):
    """A file of an archive. `object_key` is where it lies until it is checked; `problems` are codes."""

    __tablename__ = "archive_entries"
    __journalled__ = False
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'rejected', 'skipped', 'repairable')", name="state"),
        CheckConstraint("(state = 'waiting') = (object_key IS NOT NULL)", name="waiting_is_stored"),
        Index("uq_archive_entries_object_key", "object_key", unique=True),
        Index("ix_archive_entries_waiting", "archive_id", "position", postgresql_where=text("state = 'waiting'")),
    )

    archive_id: Mapped[UUID] = mapped_column(ForeignKey("archives.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str]
    key: Mapped[str | None]
    kind: Mapped[str | None]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    size: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str | None]
    state: Mapped[str]
    problems: Mapped[list[str]] = mapped_column(ARRAY(Text))
    document_id: Mapped[UUID | None]


async def own(session: ReadSession, archive_id: UUID, owner: Owner) -> Archive:
    """The caller's archive. Raises `NotFound` also where it is somebody else's."""
    mine = and_(Archive.owner_id == owner.id, Archive.roles.contained_by(owner.role_codes))
    row: Archive | None = await session.scalar(select(Archive).where(Archive.id == archive_id, mine))
    if row is None:
        raise NotFound()
    return row


async def locked(session: AsyncSession, archive_id: UUID) -> Archive | None:
    """An archive for a step of its work, locked; None where it is gone."""
    found: Archive | None = await session.scalar(select(Archive).where(Archive.id == archive_id).with_for_update())
    return found


async def in_progress(session: AsyncSession, owner_id: UUID) -> int:
    """The number of an owner's archives that are being checked; the next caller waits for this one."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"archives:{owner_id}", 0))))
    query = select(func.count()).where(Archive.owner_id == owner_id, Archive.state == State.CHECKING)
    return await session.scalar(query) or 0


async def waiting(session: AsyncSession, archive_id: UUID, limit: int) -> Sequence[ArchiveEntry]:
    """The next files of an archive that are not checked."""
    query = (
        select(ArchiveEntry)
        .where(ArchiveEntry.archive_id == archive_id, ArchiveEntry.state == EntryState.WAITING)
        .order_by(ArchiveEntry.position)
        .limit(limit)
    )
    return list((await session.scalars(query)).all())


# The state of a file now: a copy that was offered may have been taken, or given up.
_state_now = case(
    (ArchiveEntry.state != EntryState.REPAIRABLE.value, ArchiveEntry.state),
    (Document.status == Status.ACCEPTED.value, EntryState.ACCEPTED.value),
    (Document.status == Status.REPAIRABLE.value, EntryState.REPAIRABLE.value),
    else_=EntryState.REJECTED.value,
)
_COPY = and_(ArchiveEntry.state == EntryState.REPAIRABLE.value, Document.id == ArchiveEntry.document_id)


async def counts_of(session: ReadSession, archive_id: UUID) -> dict[str, int]:
    """The number of files in each state."""
    query = select(_state_now, func.count()).select_from(ArchiveEntry).outerjoin(Document, _COPY)
    query = query.where(ArchiveEntry.archive_id == archive_id).group_by(_state_now)
    rows: Any = (await session.execute(query)).all()
    return dict(map(tuple, rows))


async def page_of(
    session: ReadSession, archive_id: UUID, state: str | None, after: int | None, limit: int
) -> Sequence[tuple[ArchiveEntry, str]]:
    """Files of an archive in its order, with the state of each now."""
    query = (
        select(ArchiveEntry, _state_now)
        .outerjoin(Document, _COPY)
        .where(ArchiveEntry.archive_id == archive_id, ArchiveEntry.position > (after or 0))
        .order_by(ArchiveEntry.position)
        .limit(limit)
    )
    if state is not None:
        query = query.where(_state_now == state)
    rows: Any = (await session.execute(query)).all()
    return [(entry, now) for entry, now in rows]


async def waiting_keys(session: ReadSession, keys: Sequence[str]) -> set[str]:
    """Those of `keys` under which a file lies that is not checked yet."""
    query = select(ArchiveEntry.object_key).where(ArchiveEntry.object_key.in_(keys))
    return {key for key in (await session.scalars(query)).all() if key is not None}


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Delete archives that were sent before then; their documents stay."""
    await session.execute(delete(Archive).where(Archive.created_at < before, Archive.state != State.CHECKING))
