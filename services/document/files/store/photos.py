"""Photos that look alike."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import BIT

from services.document.checks.likeness import ALIKE
from services.document.files.domain import Kind, Status
from services.document.files.store.documents import Document
from services.document.files.store.filings import Filing
from shared.db import ReadSession


async def first_filed(
    session: ReadSession, owner_id: UUID, likeness: str, application_id: UUID | None
) -> datetime | None:
    """When the owner first filed a photo that looks like this one with another application; None if never."""
    bits = cast(literal("x") + Document.likeness, BIT(256))
    same = cast(literal("x" + likeness), BIT(256))
    elsewhere = exists().where(Filing.document_id == Document.id, Filing.record_id != application_id)
    query = select(func.min(Document.filed_at)).where(
        Document.owner_id == owner_id,
        Document.kind == Kind.PHOTO,
        Document.status == Status.ACCEPTED,
        Document.likeness.is_not(None),
        func.bit_count(bits.op("#")(same)) <= ALIKE,
        elsewhere if application_id else Document.filed_at.is_not(None),
    )
    filed_at: datetime | None = await session.scalar(query)
    return filed_at
