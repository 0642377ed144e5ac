"""Answers of `commands.usage_registration_views`."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.document_list import DocumentLine
from shared.http import Words


class ApplicantView(BaseModel):
    """The person who applied."""

    name: str
    email: str
    phone: str | None
    department: str | None
    language: str


class ItemView(BaseModel):
    """One thing that was to be corrected."""

    code: str
    message: str


class EarlierRecord(BaseModel):
    """Another usage registration or periodic report of the same person or organisation."""

    kind: Literal["usage_registration", "periodic_report"]
    id: UUID
    receipt_number: str = Field(examples=["東利申26-000123-5"])
    status: Status
    role: str = Field(examples=["org_staff"])
    submitted_at: datetime
    valid_until: date | None


class RegistrationView(BaseModel):
    """A usage registration, whole."""

    id: UUID
    receipt_number: str = Field(examples=["東利申26-000123-5"])
    status: Status
    role: str = Field(examples=["org_staff"])
    office: str = Field(examples=["TYO"])
    account_id: UUID
    organisation_id: UUID | None
    organisation: dict[str, Any] | None = Field(description="as declared with this usage registration")
    personal: dict[str, Any] | None = Field(
        description="of registrations of persons: what the identity provider says, and what the person declares"
    )
    category: str | None
    applicant: ApplicantView
    documents: list[str]
    document_list: list[DocumentLine] = Field(description="every document of the user class, with what was submitted")
    pledged: list[dict[str, Any]] = Field(description="organisations that the pledge covers")
    agreements: dict[str, str] | None = Field(
        description="versions of the terms of use and the pledge that were agreed to",
        examples=[{"terms": "2026-11-01", "pledge": "2026-11-01"}],
    )
    submitted_at: datetime
    returned_items: list[ItemView]
    decided_at: datetime | None
    valid_until: date | None
    reason_code: str | None
    reason: str | None
    requirements: dict[str, bool | None] | None = Field(description="for officers")
    note: str | None = Field(description="for officers")
    decided_by: UUID | None = Field(description="for officers")
    steps: list[str] = Field(description="for officers: what they can do with it now", examples=[["approve", "return"]])
    earlier: list[EarlierRecord] = Field(description="for officers: others of the person or organisation")
    revision: int


class RequirementView(Words):
    """One line of the approval checklist."""

    code: str = Field(examples=["pledge_submitted"])
    confirmed: bool | None
