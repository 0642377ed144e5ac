"""Notices of the clock over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.allocation.store.clock import NoticedCase


class NoticeView(BaseModel):
    """A deadline that the officers were told of."""

    case_id: UUID
    receipt_number: str
    examiner_id: UUID | None
    concern: str = Field(examples=["special_7"])
    noticed_at: datetime

    @classmethod
    def of(cls, found: NoticedCase) -> "NoticeView":
        return cls(
            case_id=found.case.id,
            receipt_number=found.case.receipt_number,
            examiner_id=found.case.examiner_id,
            concern=found.notice.concern,
            noticed_at=found.notice.noticed_at,
        )


class Notices(BaseModel):
    """Notices of the last days about open cases, the newest first."""

    items: list[NoticeView]
