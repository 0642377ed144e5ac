"""Certificates and their links over HTTP."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.application.certificates.domain import Standing
from services.application.papers.certificate import CertificatePaper
from services.application.papers.designation import DesignationPaper
from shared.http import Words
from shared.languages import Lang
from shared.text.typed import Day, Email


class Body(BaseModel):
    """Unknown members are refused: a mistyped field must not be lost silently."""

    model_config = ConfigDict(extra="forbid")


class LinkBody(Body):
    """The recipient of a link, and the language of the mail."""

    email: Email
    language: Lang


class BirthDateBody(Body):
    """The second value beside a link: the date of birth of the certificate's holder."""

    birth_date: Day


class LinkView(BaseModel):
    """A link that was sent."""

    id: UUID
    address: str = Field(description="masked", examples=["n***@example.com"])
    sent_at: datetime
    expires_at: datetime
    works: bool = Field(description="whether it still opens the certificate")
    stopped_by_tries: bool = Field(description="whether wrong dates of birth stopped it")
    opened: int = Field(description="how often it was opened with the right date of birth", examples=[1])
    first_opened_at: datetime | None
    last_opened_at: datetime | None


class CertificateFacts(BaseModel):
    """A certificate, without the person."""

    number: str = Field(examples=["TYO26-000123"])
    procedure: str = Field(examples=["COE"])
    title: Words
    issued_on: date
    valid_until: date | None
    standing: Standing
    ready: bool = Field(description="whether the PDF can be read now")
    method: Literal["POST", "EMAIL"]
    received_at: datetime | None = Field(description="when its recipient acknowledged it")
    received_by: Literal["owner", "recipient"] | None
    revoked_at: datetime | None
    revocation_code: str | None


class CertificateView(CertificateFacts):
    """A certificate as the owner of the application sees it."""

    links: list[LinkView]


class OpenedCertificate(CertificateFacts):
    """A certificate as the holder of a link sees it, once the date of birth is right."""

    holder_name: str = Field(examples=["NGUYEN VAN AN"])
    link_expires_at: datetime


class Try(BaseModel):
    """The outcome of a try of a link: the certificate, or how many tries are left."""

    opened: OpenedCertificate | None = None
    tries_left: int = 0


class DesignationPrinted(BaseModel):
    """The facts on a designation paper."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    paper: DesignationPaper


class Printed(BaseModel):
    """The facts on a certificate that may be handed out; without them, how many tries of a link are left."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    paper: CertificatePaper | None = None
    tries_left: int = 0
