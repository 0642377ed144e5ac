"""Answers of `commands.second_factor`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registration.authentication.domain.step_up import SignInMethod


class PasskeyView(BaseModel):
    """One passkey."""

    id: UUID
    label: str = Field(examples=["Firefox on Windows"])
    created_at: datetime
    last_used_at: datetime | None


class SecondFactorView(BaseModel):
    """The means with which an account's owner signs in and proves who they are."""

    has_password: bool
    methods: list[SignInMethod] = Field(
        description="with what its owner proves again who they are", examples=[["totp", "recovery_code"]]
    )
    proved: bool = Field(description="whether that was done in this session in the last 20 minutes")
    needed: bool = Field(description="whether the last factor cannot be removed (officers)")

    totp_since: datetime | None = Field(description="since when an authenticator app is asked for")
    recovery_codes_left: int = Field(examples=[10])
    passkeys: list[PasskeyView]


class EnrolmentBegun(BaseModel):
    """The authenticator app's key, as the QR code's content and as text. Shown this once."""

    provisioning_uri: str = Field(examples=["otpauth://totp/Zairyu:ZR-7K3M-9QXT?secret=...&issuer=Zairyu"])
    secret: str = Field(description="to type by hand (base32)", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    confirm_before: datetime


class RecoveryCodes(BaseModel):
    """Codes for the day when the app is gone, each good once. Shown this once."""

    recovery_codes: list[str] = Field(examples=[["7K3M-9QXT-2FHA"]])


class Provisioned(EnrolmentBegun, RecoveryCodes):
    """An app that was set up by an operator."""
