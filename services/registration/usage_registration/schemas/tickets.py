"""Answers of `commands.tickets`."""

from datetime import date

from pydantic import BaseModel, Field

from services.registration.usage_registration.schemas.usage_registration_views import ItemView


class TicketView(BaseModel):
    """The person named by the identity provider, and the state of their last registration, if there is one."""

    name: str = Field(examples=["NGUYEN VAN AN"])
    birth_date: date
    account_known: bool = Field(description="the account can be used: mail address and telephone are known")
    role: str | None = Field(examples=["self"])
    receipt_number: str | None = Field(examples=["東利申26-000123-5"])
    status: str | None = Field(examples=["submitted"])
    returned_items: list[ItemView] = Field(description="what is to be corrected, while it is returned")
