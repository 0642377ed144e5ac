"""Answers of `commands.creation`."""

from uuid import UUID

from pydantic import BaseModel


class OfficerCreated(BaseModel):
    """An officer can sign in, and has to set up a second factor first."""

    account_id: UUID
    login_id: str
