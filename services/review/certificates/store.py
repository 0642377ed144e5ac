"""Certificates, and the sequence of their serials."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row

_SERIALS = Sequence("certificate_serials")


class Certificate(Row):
    """The certificate that ended a case. `number` is None where it was issued before certificates had numbers.
    `received_at` is when its recipient acknowledged it."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revocation_code IS NULL)"
            " AND (revoked_at IS NULL) = (revocation_reason IS NULL)",
            name="revoked_with_reason",
        ),
        Index("uq_certificates_number", "number", unique=True),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[str | None]
    method: Mapped[str]
    valid_until: Mapped[date | None]
    issued_by: Mapped[UUID]
    issued_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    revocation_code: Mapped[str | None]
    revocation_reason: Mapped[str | None]

    @property
    def in_force(self) -> bool:
        """Whether it has a number to be verified by, and was not revoked."""
        return self.number is not None and self.revoked_at is None


async def next_serial(session: AsyncSession) -> int:
    """A serial that no certificate has."""
    serial: int = (await session.execute(select(_SERIALS.next_value()))).scalar_one()
    return serial
