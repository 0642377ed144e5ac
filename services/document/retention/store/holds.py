"""Legal holds on records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from services.document.files.store.documents import Document, Row
from services.document.files.store.filings import FiledWith, Filing, Handling
from shared.db import ReadSession


class Hold(Row):
    """A legal hold on the files of a record (保全): nothing of them is deleted or erased until it is lifted."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"
        ),
        Index("ix_holds_record_id", "record_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID]
    kind: Mapped[str]
    # Officers write what they like into a reason: the journal has its digest.
    reason: Mapped[str] = mapped_column(info={"secret": True})
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]
    lift_reason: Mapped[str | None] = mapped_column(info={"secret": True})
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]


def is_held() -> ColumnElement[bool]:
    """Whether a document was filed with a record that is under a hold."""
    return (
        select(Hold.id)
        .join(Filing, Filing.record_id == Hold.record_id)
        .where(Filing.document_id == Document.id, Hold.lifted_at.is_(None))
        .exists()
    )


async def hold(session: ReadSession, hold_id: UUID, *, lock: bool = False) -> Hold | None:
    """A hold, locked where asked."""
    query = select(Hold).where(Hold.id == hold_id)
    found: Hold | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def holds_of(session: ReadSession, record_id: UUID) -> Sequence[Hold]:
    """The holds on a record, also those that were lifted, oldest first."""
    query = select(Hold).where(Hold.record_id == record_id).order_by(Hold.set_at, Hold.id)
    found: Sequence[Hold] = (await session.scalars(query)).all()
    return found


async def record_of(session: ReadSession, record_id: UUID) -> FiledWith | None:
    """The kind and the office of a record that files were filed with; None where there is none."""
    query = select(Filing.kind, Handling.office).outerjoin(Handling, Handling.record_id == Filing.record_id)
    row: Any = (await session.execute(query.where(Filing.record_id == record_id).limit(1))).one_or_none()
    return FiledWith(row.kind, row.office) if row else None
