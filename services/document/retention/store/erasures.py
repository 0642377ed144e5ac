"""Erasures on request, and the files that they were about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from services.document.archives.domain import State
from services.document.archives.store import Archive
from services.document.files.domain import Status
from services.document.files.store.documents import Document, Row
from services.document.files.store.filings import Filing
from services.document.files.store.incoming import IncomingFile
from services.document.retention.domain import KEPT
from services.document.retention.store.ends import ClosedApplication, RegistrationTerm
from services.document.retention.store.holds import is_held
from shared.auth import Owner
from shared.db import ReadSession


class Erasure(Row):
    """An erasure on request: of an owner's own files, or, by the office, of those that were filed with a record."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint(
            "(record_id IS NULL) = (request_number IS NULL) AND (record_id IS NULL) = (received_on IS NULL)"
            " AND (record_id IS NULL) = (owner_id IS NOT NULL)",
            name="of_owner_or_record",
        ),
        Index("ix_erasures_owner_id", "owner_id", "id"),
        Index("ix_erasures_record_id", "record_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID | None]
    record_id: Mapped[UUID | None]
    request_number: Mapped[str | None]
    received_on: Mapped[date | None]
    erased_by: Mapped[UUID]
    erased_at: Mapped[datetime]
    complete: Mapped[bool]


class ErasedFile(Row):
    """A file of an erasure. `kept` is the code of the reason for which it was not erased; None: it was."""

    __tablename__ = "erased_files"
    __table_args__ = (CheckConstraint(f"kept IN ({', '.join(repr(code) for code in KEPT)})", name="kept"),)

    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    kept: Mapped[str | None]


def _is_open(now: datetime) -> ColumnElement[bool]:
    """Whether a document was filed with a record that has not ended."""
    return (
        select(Filing.record_id)
        .where(
            Filing.document_id == Document.id,
            ~exists().where(ClosedApplication.application_id == Filing.record_id),
            ~exists().where(RegistrationTerm.record_id == Filing.record_id, RegistrationTerm.ends_at <= now),
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Bound:
    """A file that somebody asks to have erased, and what keeps it: a record that goes on, a hold."""

    document: Document
    is_open: bool
    is_held: bool


def _mine(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    """The owner's documents, in a role in which they were sent."""
    return Document.owner_id == owner.id, or_(Document.roles.is_(None), Document.roles.overlap(owner.role_codes))


async def to_be_erased(
    session: AsyncSession, now: datetime, limit: int, *, owner: Owner | None, record_id: UUID | None
) -> Sequence[Bound]:
    """The stored files of an owner, or those that were filed with a record, in the order of their ids, locked."""
    query = select(Document, _is_open(now), is_held()).where(
        Document.status.in_((Status.ACCEPTED, Status.REPAIRABLE)),
    )
    if owner is not None:
        query = query.where(*_mine(owner))
    if record_id is not None:
        query = query.where(exists().where(Filing.document_id == Document.id, Filing.record_id == record_id))
    rows = await session.execute(query.order_by(Document.id).limit(limit).with_for_update(of=Document))
    return [Bound(*row) for row in rows]


async def refused_with_names(session: AsyncSession, owner: Owner, limit: int) -> Sequence[Document]:
    """Refused files of an owner whose names are still known, locked."""
    query = select(Document).where(*_mine(owner), Document.status == Status.REJECTED, Document.file_name.is_not(None))
    return (await session.scalars(query.order_by(Document.id).limit(limit).with_for_update())).all()


async def erasure(session: ReadSession, erasure_id: UUID) -> Erasure | None:
    """An erasure."""
    found: Erasure | None = await session.get(Erasure, erasure_id)
    return found


async def erasures_of(
    session: ReadSession, *, owner_id: UUID | None = None, record_id: UUID | None = None
) -> Sequence[Erasure]:
    """The erasures that an owner asked for, or those of a record, newest first."""
    mine = Erasure.owner_id == owner_id if owner_id is not None else Erasure.record_id == record_id
    found: Sequence[Erasure] = (
        await session.scalars(select(Erasure).where(mine).order_by(Erasure.id.desc()).limit(100))
    ).all()
    return found


async def files_of(session: ReadSession, erasure_id: UUID) -> Sequence[tuple[ErasedFile, Document]]:
    """The files of an erasure, with what is known of them still."""
    query = select(ErasedFile, Document).join(Document, Document.id == ErasedFile.document_id)
    rows: Any = await session.execute(query.where(ErasedFile.erasure_id == erasure_id).order_by(Document.id))
    return [(erased, document) for erased, document in rows]


async def forget_sent(session: AsyncSession, owner: Owner, now: datetime) -> None:
    """Forget archives of an owner, whose files are documents by now, and end files on their way in parts."""
    await session.execute(
        delete(Archive).where(
            Archive.owner_id == owner.id, Archive.roles.contained_by(owner.role_codes), Archive.state != State.CHECKING
        )
    )
    mine = (IncomingFile.owner_id == owner.id, IncomingFile.roles.overlap(owner.role_codes))
    await session.execute(update(IncomingFile).where(*mine, IncomingFile.ends_at > now).values(ends_at=now))
