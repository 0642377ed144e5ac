"""The old card, the new one, its mailing."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row
from shared.db import ReadSession


class CardMaterials(Row):
    """The envelope with the old card: announced by the applicant, received by the card office, in any order."""

    __tablename__ = "card_materials"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    fee_reference: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    residence_card_received: Mapped[bool | None]
    received_by: Mapped[UUID | None]
    received_at: Mapped[datetime | None]


class Card(Row):
    """The new residence card, or the next where it was lost. Its number leaves this table only masked."""

    __tablename__ = "cards"
    __table_args__ = (Index("ix_cards_issued_at", "issued_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    card_number: Mapped[str] = mapped_column(unique=True, info={"secret": True})
    expires_on: Mapped[date]
    issued_by: Mapped[UUID]
    issued_at: Mapped[datetime]


class Dispatch(Row):
    """The mailing of the card to its holder: the last one, where it was mailed again."""

    __tablename__ = "dispatches"
    __table_args__ = (Index("ix_dispatches_tracking_number", "tracking_number"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    mailed_by: Mapped[UUID]
    mailed_at: Mapped[datetime]


class CardReturn(Row):
    """A letter with a card that did not reach its holder. The number of a lost card is kept, and never given again."""

    __tablename__ = "card_returns"
    __table_args__ = (Index("ix_card_returns_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    card_number: Mapped[str | None] = mapped_column(unique=True, info={"secret": True})
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def is_recorded(session: ReadSession, card_number: str) -> bool:
    """Whether a card with that number is recorded, for whichever case; also one that is lost."""
    held = select(Card.case_id).where(Card.card_number == card_number)
    lost = select(CardReturn.case_id).where(CardReturn.card_number == card_number)
    return await session.scalar(held.union_all(lost).limit(1)) is not None
