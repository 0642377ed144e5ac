"""Answers of `commands.submitter_copy`."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.document_list import DocumentLine
from shared.http import Words


class OfficeView(Words):
    """The office that examines it, and to which paper goes."""

    code: str = Field(examples=["TYO"])
    postal_code: str = Field(examples=["108-8255"])
    address: str = Field(description="in Japanese", examples=["東京都港区港南5-5-30"])
    verify: bool = Field(description="whether the address has to be confirmed on the agency's website")


class Copy(BaseModel):
    """A usage registration as it was submitted, and its status."""

    status: Status
    submitted_at: datetime
    role: str = Field(examples=["org_staff"])
    organisation: dict[str, Any]
    applicant: dict[str, Any]
    pledged: list[dict[str, Any]]
    document_list: list[DocumentLine]
    agreements: dict[str, str] | None
    office: OfficeView
