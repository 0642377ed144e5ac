"""Ends of records, days that were swept, and the queries that find what can go."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.domain import Status
from services.document.files.store.documents import Document, LeftoverObject, Row
from services.document.files.store.filings import Filing
from services.document.retention.store.holds import is_held
from shared.db import ReadSession


class SweptDay(Row):
    """A day whose stored objects were compared with the rows."""

    __tablename__ = "swept_days"
    __journalled__ = False

    day: Mapped[date] = mapped_column(primary_key=True)
    swept_at: Mapped[datetime]
    removed: Mapped[int]


class ClosedApplication(Row):
    """An application that has ended, from application's and review's events: the retention of its files has begun."""

    __tablename__ = "closed_applications"
    __journalled__ = False

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class RegistrationTerm(Row):
    """The end of a usage registration or a periodic report, from registration's events; it may lie in the future."""

    __tablename__ = "registration_terms"
    __journalled__ = False

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


async def close(session: AsyncSession, application_id: UUID, closed_at: datetime) -> None:
    """Note that an application has ended; the last end counts: after a late withdrawal the case goes on to its card."""
    new = insert(ClosedApplication).values(application_id=application_id, closed_at=closed_at)
    later = func.greatest(ClosedApplication.closed_at, new.excluded.closed_at)
    await session.execute(
        new.on_conflict_do_update(index_elements=[ClosedApplication.application_id], set_={"closed_at": later})
    )


async def end(session: AsyncSession, record_id: UUID, ends_at: datetime) -> None:
    """Note when a usage registration or a periodic report ends; the last end that is noted counts."""
    await session.merge(RegistrationTerm(record_id=record_id, ends_at=ends_at))


async def never_filed(session: AsyncSession, before: datetime, limit: int) -> Sequence[Document]:
    """Accepted files stored before `before` and not filed, oldest first, locked; others' locks are passed over."""
    query = select(Document).where(
        Document.status == Status.ACCEPTED, Document.filed_at.is_(None), Document.created_at < before
    )
    query = query.order_by(Document.created_at).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def copies_before(session: AsyncSession, before: datetime, limit: int) -> Sequence[Document]:
    """Repaired copies of files that were sent before `before`, oldest first, locked; others' locks are passed over."""
    query = select(Document).where(Document.status == Status.REPAIRABLE, Document.created_at < before)
    query = query.order_by(Document.created_at).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def of_closed(
    session: AsyncSession, applications: datetime | None, registrations: datetime | None, limit: int
) -> Sequence[Document]:
    """Accepted files every record of which ended before `applications` or `registrations` (None: stays), locked."""
    over = [
        select(Filing.document_id, Filing.record_id).join(ended, key == Filing.record_id).where(ended_at < before)
        for ended, key, ended_at, before in (
            (ClosedApplication, ClosedApplication.application_id, ClosedApplication.closed_at, applications),
            (RegistrationTerm, RegistrationTerm.record_id, RegistrationTerm.ends_at, registrations),
        )
        if before is not None
    ]
    if not over:
        return ()
    ended = union_all(*over).subquery()
    going_on = (
        select(Filing.record_id)
        .where(
            Filing.document_id == Document.id,
            ~exists().where(ended.c.document_id == Filing.document_id, ended.c.record_id == Filing.record_id),
        )
        .exists()
    )
    query = (
        select(Document)
        .where(Document.status == Status.ACCEPTED, Document.id.in_(select(ended.c.document_id)), ~going_on, ~is_held())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def deleted_with(session: AsyncSession, object_key: str) -> Sequence[Document]:
    """Deleted files whose object this was, locked."""
    query = select(Document).where(
        Document.object_key == object_key, Document.status == Status.DELETED, Document.purged_at.is_(None)
    )
    return (await session.scalars(query.order_by(Document.id).with_for_update())).all()


async def kept_keys(session: ReadSession, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that belong to an accepted document, or a repaired copy that waits."""
    stored = Document.status.in_((Status.ACCEPTED, Status.REPAIRABLE))
    query = select(Document.object_key).where(Document.object_key.in_(keys), stored)
    return set((await session.scalars(query)).all())


async def stored_on(session: ReadSession, day: date) -> Sequence[Document]:
    """The accepted documents whose objects were stored on a day."""
    # "0" is the character after "/": a range, which the index on the keys serves.
    within = (Document.object_key > f"{day.isoformat()}/", Document.object_key < f"{day.isoformat()}0")
    rows: Sequence[Document] = (
        await session.scalars(select(Document).where(Document.status == Status.ACCEPTED, *within))
    ).all()
    return rows


async def sweep_bounds(session: ReadSession) -> tuple[date | None, datetime | None]:
    """The last day that was swept, and when the first upload of all was."""
    last = await session.scalar(select(func.max(SweptDay.day)))
    # Ids begin with their moment, so that the first one is found by its key, however many files there are.
    first = await session.scalar(select(Document.created_at).order_by(Document.id).limit(1))
    return last, first


async def leftovers(session: AsyncSession, limit: int) -> Sequence[LeftoverObject]:
    """Objects to be removed, longest waiting first, locked."""
    query = select(LeftoverObject).order_by(LeftoverObject.since).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def oldest_leftover(session: ReadSession) -> datetime | None:
    """The moment since which the longest waiting object is to be removed."""
    found: datetime | None = await session.scalar(select(func.min(LeftoverObject.since)))
    return found
