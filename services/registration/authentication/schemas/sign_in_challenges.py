"""Answers of `commands.sign_in_challenges`."""

from datetime import datetime

from pydantic import BaseModel, Field


class SecondFactorRequired(BaseModel):
    """The password was right; `challenge` and a code of one of `methods` begin the session. Shown this once."""

    second_factor_required: bool = True
    challenge: str = Field(examples=["Vb8zLk1w..."])
    methods: list[str] = Field(examples=[["totp", "recovery_code"]])
    expires_at: datetime
