"""People's accounts as officers see them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class MembershipOf(BaseModel):
    """One membership of the account."""

    id: UUID
    organisation_id: UUID | None
    organisation_name: str | None
    role: str
    state: str
    valid_until: date | None
    usage_registration_id: UUID


class AccountOf(BaseModel):
    """Somebody's account, as an officer sees it."""

    id: UUID
    state: str = Field(examples=["active"])
    name: str
    email: str | None
    phone: str | None
    steps: list[str] = Field(description="what the officer can do with it now", examples=[["suspend", "close"]])
    memberships: list[MembershipOf]
