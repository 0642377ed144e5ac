"""Answers of `commands.organisation_record`."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.usage_registration.domain.report_standing import Standing
from shared.http import Words


class HintView(BaseModel):
    """One thing for an officer to look at, like those of the application service. It decides nothing."""

    code: str = Field(examples=["reports_overdue"])
    title: Words
    found: Literal["yes", "no", "unknown", "not_asked"]
    reasons: list[Words] = Field(description="why, where there is something to look at")


class RoleRecord(BaseModel):
    """That the organisation may use the system in a role, and its periodic report."""

    role: str = Field(examples=["org_staff"])
    valid_from: date
    valid_until: date
    report_due_on: date
    report: Standing


class OrganisationRecord(BaseModel):
    """The standing of an organisation, beside the case of an application that it filed. It names no person."""

    id: UUID
    corporate_number: str = Field(examples=["4011001098993"])
    name: str = Field(examples=["株式会社見本"])
    office: str = Field(description="in charge of its head office", examples=["TYO"])
    confirmed: bool = Field(description="an officer has approved a usage registration for it")
    category: str | None = Field(description="null: nothing is recorded", examples=["CAT3"])
    treated_as: str | None = Field(examples=["CAT2"])
    category_from: date | None
    roles: list[RoleRecord]
    hints: list[HintView]
