"""Answers of `commands.passwords`."""

from pydantic import BaseModel, Field


class PasswordSet(BaseModel):
    """A password was set: the login id with which it works."""

    login_id: str = Field(examples=["ZR-7K3M-9QXT"])
