"""Answers to a submission and to a decision on it.

The journal keeps them for repeated requests, so nothing secret is in here.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.usage_registration.domain.usage_registration import Status


class Submitted(BaseModel):
    """A usage registration was submitted."""

    id: UUID
    receipt_number: str = Field(examples=["東利申26-000123-5"])
    status: str = Field(examples=["submitted"])
    organisation_id: UUID | None = Field(None, description="shown to the account's owner alone")
    account_id: UUID | None = Field(None, description="shown to the account's owner alone")


class Decided(BaseModel):
    """A usage registration was approved, returned or rejected."""

    status: str = Field(examples=["approved"])
    valid_until: date | None = Field(None, examples=["2029-11-20"])


class Count(BaseModel):
    """The number of records of a user class that have a status, and since when the oldest of them waits."""

    status: Status
    role: str = Field(examples=["org_staff"])
    records: int
    oldest: datetime
