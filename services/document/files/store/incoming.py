"""Files on their way in parts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.store.documents import Document, Row
from shared.auth import Owner
from shared.db import ReadSession


class IncomingFile(Row):
    """A file whose parts are sent to the store; `document_id` is the document that was made of it."""

    __tablename__ = "incoming_files"
    __journalled__ = False  # the document that is made of it is
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_incoming_files_owner_id", "owner_id", "created_at"),
        Index("ix_incoming_files_ends_at", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


async def own(
    session: ReadSession, owner: Owner, upload_id: UUID, now: datetime, *, lock: bool = False
) -> IncomingFile | None:
    """The owner's file on its way, locked where asked; None also where its time is over."""
    query = select(IncomingFile).where(
        IncomingFile.id == upload_id,
        IncomingFile.owner_id == owner.id,
        IncomingFile.roles.overlap(owner.role_codes),
        IncomingFile.ends_at > now,
    )
    found: IncomingFile | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def open_of(session: AsyncSession, owner: Owner, now: datetime) -> Sequence[IncomingFile]:
    """The owner's files of which no document was made yet, oldest first, locked."""
    query = select(IncomingFile).where(
        IncomingFile.owner_id == owner.id, IncomingFile.document_id.is_(None), IncomingFile.ends_at > now
    )
    return (await session.scalars(query.order_by(IncomingFile.created_at).with_for_update())).all()


async def over(session: AsyncSession, now: datetime, limit: int) -> Sequence[IncomingFile]:
    """Files whose time is over, locked."""
    query = select(IncomingFile).where(IncomingFile.ends_at <= now).order_by(IncomingFile.ends_at)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def known(session: ReadSession, upload_ids: Collection[UUID]) -> set[UUID]:
    """Those of `upload_ids` that there are."""
    return set((await session.scalars(select(IncomingFile.id).where(IncomingFile.id.in_(upload_ids)))).all())


async def document_of(session: ReadSession, incoming: IncomingFile) -> Document | None:
    """The document that was made of it."""
    return await session.get(Document, incoming.document_id) if incoming.document_id else None
