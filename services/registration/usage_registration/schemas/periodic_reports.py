"""Answers of `commands.periodic_reports`."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.usage_registration.schemas.document_list import DocumentLine


class ReportSubmitted(BaseModel):
    """A periodic report was submitted."""

    id: UUID
    receipt_number: str = Field(examples=["東定報29-000012-7"])
    status: str = Field(examples=["submitted"])
    late: bool = Field(description="after the day it was due: it may not be accepted before the registration ends")


class ReportDue(BaseModel):
    """The next periodic report of an organisation for one role."""

    organisation_id: UUID
    role: str = Field(examples=["org_staff"])
    valid_until: date
    opens_on: date
    due_on: date
    is_open: bool
    documents: list[str] = Field(description="always required, at the organisation's present category")
    document_list: list[DocumentLine] = Field(description="every document, with its condition")
    report_id: UUID | None = Field(description="of this term, by the member who submitted it")
    report_status: str | None
    submitted_at: datetime | None
    last_report_id: UUID | None = Field(description="the newest one for the role, of whatever term")
