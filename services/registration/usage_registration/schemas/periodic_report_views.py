"""Answers of `commands.periodic_report_views`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.document_list import DocumentLine
from services.registration.usage_registration.schemas.usage_registration_views import (
    EarlierRecord,
    ItemView,
    RequirementView,
)


class ReportView(BaseModel):
    """A periodic report, whole."""

    id: UUID
    receipt_number: str = Field(examples=["東定報29-000012-7"])
    status: Status
    role: str = Field(examples=["org_staff"])
    office: str = Field(examples=["TYO"])
    organisation_id: UUID
    organisation_name: str
    filed_by: str = Field(description="name of the member who filed it")
    term_ends: date
    category: str = Field(examples=["CAT4"])
    documents: list[str]
    document_list: list[DocumentLine] = Field(description="every document of the user class, with what was submitted")
    pledged: list[dict[str, Any]]
    agreements: dict[str, str] | None = Field(description="version of the pledge that was made")
    submitted_at: datetime
    returned_items: list[ItemView]
    requirements: list[RequirementView] = Field(description="the checklist, with what was confirmed")
    decided_at: datetime | None
    valid_until: date | None
    reason_code: str | None
    reason: str | None
    note: str | None = Field(description="for officers")
    steps: list[str] = Field(description="for officers: what they can do with it now", examples=[["approve", "return"]])
    earlier: list[EarlierRecord] = Field(description="for officers: others of the organisation")
    revision: int
