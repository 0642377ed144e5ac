"""Files that can be submitted with a usage registration or a periodic report, as the document service reported them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Text, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import Row
from services.registration.usage_registration.domain.submitted_document import File
from shared.db import ReadSession


class UploadedFile(Row):
    """One file, with the codes of the documents that it holds."""

    __tablename__ = "uploaded_files"
    __journalled__ = False
    __table_args__ = (CheckConstraint("state IN ('accepted', 'rejected', 'deleted')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    state: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    pages: Mapped[int | None]
    reported_at: Mapped[datetime]


async def put(session: AsyncSession, document_id: UUID, report: File, at: datetime) -> None:
    """Keep the report about a file."""
    values = {"state": report.state, "codes": list(report.codes), "pages": report.pages, "reported_at": at}
    row = insert(UploadedFile).values(id=document_id, owner_id=report.owner_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


async def mark_deleted(session: AsyncSession, document_id: UUID, at: datetime) -> None:
    """The file is gone; nothing happens where it is none of ours."""
    await session.execute(
        update(UploadedFile).where(UploadedFile.id == document_id).values(state="deleted", reported_at=at)
    )


async def known(session: ReadSession, document_ids: Collection[UUID]) -> dict[UUID, File]:
    """Those of `document_ids` that were reported."""
    if not document_ids:
        return {}
    rows = await session.scalars(select(UploadedFile).where(UploadedFile.id.in_(document_ids)))
    return {row.id: File(row.owner_id, row.state, tuple(row.codes), row.pages) for row in rows}
