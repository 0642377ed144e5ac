"""Certificates over HTTP."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from services.review.cases.schemas import Body, Code, Note, Part, example


class CertificateBody(Body):
    """A certificate, by mail or e-mail. Its number and its last day follow from the rules."""

    model_config = example({"method": "EMAIL"})
    method: Literal["POST", "EMAIL"]


class Revocation(Body):
    """The reason for which a certificate is revoked, as a code and in words that its holder is sent."""

    model_config = example({"reason_code": "wrong_entry", "reason": "氏名のつづりが旅券と異なる"})
    reason_code: Code
    reason: Note


class CertificateView(Part):
    number: str | None = Field(examples=["TYO26-000123"])
    method: str
    valid_until: date | None
    issued_at: datetime
    received_at: datetime | None = Field(description="when its recipient acknowledged it")
    revoked_at: datetime | None
    revocation_code: str | None
    revocation_reason: str | None
