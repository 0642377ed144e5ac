"""Answers of `commands.personal_registrations`."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class PersonallyRegistered(BaseModel):
    """A registration was taken in, and approved at once where nothing else is asked of the class."""

    id: UUID
    receipt_number: str = Field(examples=["東利申26-000123-5"])
    status: str = Field(examples=["approved"])
    valid_until: date | None
    confirm_by_mail: bool = Field(description="a link was mailed: the registration counts once it is used")
