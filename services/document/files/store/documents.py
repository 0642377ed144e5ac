"""Uploads with their verdicts, and the objects of deleted ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, MetaData, Text, and_, case, func, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.domain import Status
from shared.db import ReadSession
from shared.db import Row as SharedRow
from shared.db.engine import NAMING
from shared.operations.state.queues import Queue, rows_since


class Row(SharedRow):
    """Every table of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Document(Row):
    """One upload that was result. Bytes are counted; `sha256` is of what is stored, `original_sha256` of what came."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))  # in which it was sent; None: any of the owner's
    account_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    kind: Mapped[str]
    status: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # People name files after people: kept for its owner, journalled as a digest only.
    file_name: Mapped[str | None] = mapped_column(info={"secret": True})
    original_size: Mapped[int]
    original_sha256: Mapped[str]
    # Whether what came is in the store as well: of a photo, until it is filed.
    original_kept: Mapped[bool] = mapped_column(server_default=text("false"))
    object_key: Mapped[str | None]
    content_type: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    pages: Mapped[int | None]
    # Of a PDF that was made of pictures: what the sender calls the picture of each page.
    page_names: Mapped[list[str] | None] = mapped_column(ARRAY(Text), info={"secret": True})
    width: Mapped[int | None]
    height: Mapped[int | None]
    # What follows is derived from the file; of the findings, the journal has the codes.
    findings: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb"), info={"derived": True}
    )
    # Of a photo: its measurements, the part of the picture that was kept, and what photos that look alike share.
    measures: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb"), info={"derived": True}
    )
    crop: Mapped[dict[str, float] | None] = mapped_column(JSONB, info={"derived": True})
    likeness: Mapped[str | None] = mapped_column(info={"derived": True})
    # The codes of the findings: those that refuse the file, and the rest.
    problems: Mapped[list[str]] = mapped_column(ARRAY(Text))
    advice: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    filed_with: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]
    delete_reason: Mapped[str | None]
    repaired_at: Mapped[datetime | None]
    # Since when the object of a deleted file is gone from the store.
    purged_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('photo', 'pdf')", name="kind"),
        CheckConstraint("status IN ('accepted', 'rejected', 'deleted', 'repairable')", name="status"),
        CheckConstraint(
            "status <> 'accepted' OR (object_key IS NOT NULL AND size > 0 AND sha256 IS NOT NULL"
            " AND content_type IS NOT NULL AND cardinality(problems) = 0)",
            name="accepted_is_stored",
        ),
        CheckConstraint(
            "status <> 'rejected' OR (object_key IS NULL AND cardinality(problems) > 0)", name="rejected_is_not_stored"
        ),
        CheckConstraint(
            "status <> 'repairable' OR (object_key IS NOT NULL AND size > 0 AND sha256 IS NOT NULL"
            " AND content_type IS NOT NULL AND cardinality(problems) > 0)",
            name="repairable_is_stored",
        ),
        CheckConstraint(
            "(status = 'deleted') = (deleted_at IS NOT NULL AND delete_reason IS NOT NULL)", name="deleted_says_why"
        ),
        CheckConstraint("(filed_at IS NULL) = (filed_with IS NULL)", name="filed_with"),
        CheckConstraint(
            "NOT original_kept OR (kind = 'photo' AND status = 'accepted' AND filed_at IS NULL)", name="original_kept"
        ),
        Index("ix_documents_owner_id", "owner_id", "created_at", "id"),
        Index("ix_documents_filed_with", "filed_with", postgresql_where=text("filed_with IS NOT NULL")),
        Index(
            "ix_documents_unfiled",
            "owner_id",
            "size",
            postgresql_where=text("status = 'accepted' AND filed_at IS NULL"),
        ),
        Index("ix_documents_created_at", "created_at", postgresql_where=text("status = 'accepted'")),
        Index("ix_documents_repairable", "created_at", postgresql_where=text("status = 'repairable'")),
        CheckConstraint("purged_at IS NULL OR status = 'deleted'", name="purged_is_deleted"),
        Index("ix_documents_object_key", "object_key"),
        Index("ix_documents_sha256", "owner_id", "sha256", postgresql_where=text("status = 'accepted'")),
    )


class LeftoverObject(Row):
    """An object whose document is deleted and that still lies in the store: removed by the next round of the job."""

    __tablename__ = "leftover_objects"
    __journalled__ = False

    object_key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


LEFTOVERS = Queue("leftover-objects", rows_since(LeftoverObject.since, lambda _: true()), timedelta(days=1))


async def count_reported(session: ReadSession) -> int:
    """The number of files that others were told of."""
    query = select(func.count()).where(Document.status != Status.REPAIRABLE)
    return int(await session.scalar(query) or 0)


async def reported_behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[Document]:
    """The files behind an id that others were told of, by id, locked against changes until the end of the
    transaction."""
    query = select(Document).where(Document.status != Status.REPAIRABLE).order_by(Document.id).limit(count)
    if after is not None:
        query = query.where(Document.id > after)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def lock_owner(session: AsyncSession, owner_id: UUID) -> None:
    """Let uploads of one owner pass one after the other until the transaction ends: the quota is then exact."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"quota:{owner_id}", 0))))


async def count_unfiled(session: ReadSession, owner_id: UUID) -> tuple[int, int]:
    """The number of an owner's accepted files that are not filed, and the bytes that are kept of them."""
    mine = and_(Document.owner_id == owner_id, Document.status == Status.ACCEPTED, Document.filed_at.is_(None))
    kept = Document.size + case((Document.original_kept, Document.original_size), else_=0)
    query = select(func.count(), func.coalesce(func.sum(kept), 0)).where(mine)
    row: Any = (await session.execute(query)).one()
    return int(row[0]), int(row[1])


async def find(session: ReadSession, document_id: UUID, *, lock: bool = False) -> Document | None:
    """One document that is not deleted, locked for a change where asked."""
    query = select(Document).where(Document.id == document_id, Document.status != Status.DELETED)
    document: Document | None = await session.scalar(query.with_for_update() if lock else query)
    return document


async def unfiled_of(session: AsyncSession, owner_id: UUID) -> Sequence[Document]:
    """An owner's accepted files that were not filed, locked."""
    query = select(Document).where(
        Document.owner_id == owner_id, Document.status == Status.ACCEPTED, Document.filed_at.is_(None)
    )
    return (await session.scalars(query.order_by(Document.id).with_for_update())).all()


async def same_content(session: ReadSession, owner_id: UUID, sha256: str, size: int) -> Document | None:
    """An accepted file of the owner with the same stored content."""
    query = select(Document).where(
        Document.owner_id == owner_id,
        Document.status == Status.ACCEPTED,
        Document.sha256 == sha256,
        Document.size == size,
    )
    found: Document | None = await session.scalar(query.order_by(Document.id).limit(1))
    return found


async def hold_object(session: AsyncSession, owner_id: UUID, object_key: str) -> bool:
    """Whether an accepted file has this object; it stays so until the transaction ends."""
    query = select(Document).where(
        Document.owner_id == owner_id, Document.status == Status.ACCEPTED, Document.object_key == object_key
    )
    return await session.scalar(query.order_by(Document.id).limit(1).with_for_update()) is not None


async def leave_object(session: AsyncSession, object_key: str, since: datetime) -> None:
    """Have an object removed, unless another file needs it."""
    left = insert(LeftoverObject).values(object_key=object_key, since=since)
    await session.execute(left.on_conflict_do_nothing())


async def copies_of(session: AsyncSession, owner_id: UUID, new: UUID) -> Sequence[Document]:
    """An owner's repaired copies that wait, but for the `new` one, newest first, locked."""
    query = select(Document).where(
        Document.owner_id == owner_id, Document.status == Status.REPAIRABLE, Document.id != new
    )
    return (
        await session.scalars(query.order_by(Document.created_at.desc(), Document.id.desc()).with_for_update())
    ).all()
