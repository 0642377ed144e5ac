"""Records that files were filed with, and the offices that handle them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, exists, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.domain import RecordKind, Status
from services.document.files.store.documents import Document, Row
from shared.auth import Owner
from shared.db import ReadSession


class Filing(Row):
    """A record that a file was filed with. `filed_with` of the document names the first; there may be others, because
    the proof of an organisation's category serves a periodic report as well as an application."""

    __tablename__ = "filings"
    __journalled__ = False  # the journal's line names the files
    __table_args__ = (CheckConstraint(f"kind IN ({', '.join(repr(str(k)) for k in RecordKind)})", name="kind"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str]


class Handling(Row):
    """The office that handles a record, by the events of its filing and of its examination: whose officers see its
    files. `reported_at` keeps an older event from overwriting a newer one: they come on two topics."""

    __tablename__ = "handlings"
    __journalled__ = False

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str]
    reported_at: Mapped[datetime]


async def of_owner(
    session: ReadSession, owner: Owner, application_id: UUID | None, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Document]:
    """An owner's accepted files, oldest first."""
    query = select(Document).where(
        Document.owner_id == owner.id,
        or_(Document.roles.is_(None), Document.roles.overlap(owner.role_codes)),
        Document.status == Status.ACCEPTED,
    )
    if application_id is not None:
        filed = exists().where(Filing.document_id == Document.id, Filing.record_id == application_id)
        query = query.where(or_(Document.application_id == application_id, filed))
    if after is not None:
        query = query.where(tuple_(Document.created_at, Document.id) > after)
    rows: Sequence[Document] = (
        await session.scalars(query.order_by(Document.created_at, Document.id).limit(limit))
    ).all()
    return rows


# One array, not one VALUES row a file: the statement stays the same, and is compiled once.
_FILE = text(
    "INSERT INTO filings (document_id, record_id, kind) SELECT unnest(CAST(:documents AS uuid[])),"
    " CAST(:record AS uuid), :kind ON CONFLICT DO NOTHING RETURNING document_id"
)


async def file_documents(
    session: AsyncSession, document_ids: Sequence[UUID], record_id: UUID, kind: RecordKind
) -> Sequence[Document]:
    """Those of `document_ids` that were not filed with that record yet, locked; they are now."""
    query = select(Document).where(Document.id.in_(document_ids)).order_by(Document.id).with_for_update()
    found = (await session.scalars(query)).all()
    if not found:
        return ()
    values = {"documents": [document.id for document in found], "record": record_id, "kind": kind.value}
    new = set(await session.scalars(_FILE, values))
    return [document for document in found if document.id in new]


@dataclass(frozen=True, slots=True)
class FiledWith:
    """A record that a file was filed with. `office` is None while it is not known."""

    kind: str
    office: str | None


async def filed_with(session: ReadSession, document_id: UUID) -> Sequence[FiledWith]:
    """The records that a file was filed with."""
    query = select(Filing.kind, Handling.office).outerjoin(Handling, Handling.record_id == Filing.record_id)
    rows = await session.execute(query.where(Filing.document_id == document_id))
    return [FiledWith(row.kind, row.office) for row in rows]


async def office_of(session: ReadSession, record_id: UUID) -> str | None:
    """The office that handles a record; None while it is not known."""
    found: str | None = await session.scalar(select(Handling.office).where(Handling.record_id == record_id))
    return found


async def files_of(session: ReadSession, record_id: UUID, kind: RecordKind) -> Sequence[Document]:
    """The accepted files that were filed with a record, oldest first."""
    query = (
        select(Document)
        .join(Filing, Filing.document_id == Document.id)
        .where(Filing.record_id == record_id, Filing.kind == kind, Document.status == Status.ACCEPTED)
        .order_by(Document.created_at, Document.id)
    )
    rows: Sequence[Document] = (await session.scalars(query)).all()
    return rows


async def set_office(session: AsyncSession, record_id: UUID, office: str, reported_at: datetime) -> None:
    """Record the office that handles a record, unless a newer one is known."""
    put = insert(Handling).values(record_id=record_id, office=office, reported_at=reported_at)
    await session.execute(
        put.on_conflict_do_update(
            index_elements=["record_id"],
            set_={"office": put.excluded.office, "reported_at": put.excluded.reported_at},
            where=Handling.reported_at < put.excluded.reported_at,
        )
    )
