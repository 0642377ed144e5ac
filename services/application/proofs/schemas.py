"""Answers about proofs. They say nothing of the person: a code that is found gives no name."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from services.application.certificates.domain import Standing
from shared.http import Words


class ProofView(BaseModel):
    """The facts known of a code today. Where it is not genuine, everything else is null."""

    genuine: bool
    kind: Literal["proof", "certificate"] | None = None
    pending: bool | None = Field(None, description="whether the application is pending now")
    receipt_number: str | None = Field(None, examples=["東オンＥＮ26000001"])
    procedure: str | None = Field(None, examples=["EXTEND"])
    procedure_name: Words | None = None
    received_on: date | None = Field(None, description="day of receipt, in Japan")
    special_period_end: date | None = Field(None, description="last day of the special period, in Japan")
    issued_on: date | None = Field(None, description="the day on which the paper was issued")
    certificate_number: str | None = Field(None, examples=["TYO26-000123"])
    standing: Standing | None = Field(None, description="of a certificate: what it is worth today")
    valid_until: date | None = Field(None, description="last day of a certificate; null where it does not end")
    revoked_on: date | None = Field(None, description="the day on which a certificate was revoked, in Japan")


class ProofKey(BaseModel):
    """A public key (Ed25519, 32 bytes in URL-safe base64)."""

    id: str = Field(examples=["1f3a"])
    public_key: str


class ProofKeyList(BaseModel):
    """The means to verify a code without this system: the signature is over `purpose` and all before the last dot."""

    purpose: str = Field(examples=["zairyu.proof.v1\n"])
    code: str = Field(examples=["KEY.RECEIPT-NUMBER.RECEIVED.SPECIAL-PERIOD-END.ISSUED.SIGNATURE"])
    keys: list[ProofKey]
