"""Answers of `commands.passkeys`."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class CreationOptions(BaseModel):
    """Options of `navigator.credentials.create`."""

    public_key: dict[str, Any] = Field(description="PublicKeyCredentialCreationOptions as JSON")


class PasskeyAdded(BaseModel):
    """The passkey works. Recovery codes come with the first factor of an account, shown this once."""

    id: UUID
    recovery_codes: list[str]
