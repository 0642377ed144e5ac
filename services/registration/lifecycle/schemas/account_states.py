"""Answers of `commands.account_states`."""

from uuid import UUID

from pydantic import BaseModel, Field


class AccountStanding(BaseModel):
    """The state of an account after a command."""

    account_id: UUID
    state: str = Field(examples=["suspended"])
