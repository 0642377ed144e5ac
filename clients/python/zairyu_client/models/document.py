"""Answers of the document service. Generated from its OpenAPI document by `python -m tests.clients`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from zairyu_client.models.base import Model

Outcome = Literal["passed", "advice", "failed"] | str


class MeasureBody(Model):
    """One measurement of a photo. None of them refuses it."""

    code: str
    value: float
    unit: str
    low: float | None
    high: float | None
    outcome: Outcome


class PartBody(Model):
    """The part of the sent picture that was kept, in percent of its upright width and height; 3:4."""

    left: float
    top: float
    width: float


Severity = Literal["refused", "repairable", "advice"] | str


class FindingBody(Model):
    """One thing that the check found in a file."""

    code: str
    severity: Severity
    page: int | None
    values: dict[str, int | float]
    message: str


class AdviceBody(Model):
    """Something to look at; the file is accepted all the same."""

    code: str
    message: str


class ScanBody(Model):
    """The scan for malware. A file that is not `clean` is opened for nobody."""

    state: Literal["waiting", "clean", "infected", "not-scannable"] | str
    scanned_at: dt.datetime | None
    opens: bool


class DocumentBody(Model):
    """An accepted file. Sizes in bytes; `sha256` is of what is stored, `original_sha256` of what was sent; with
    `repaired_at` a repaired copy is stored, and findings say of what.
    """

    id: uuid.UUID
    status: Literal["accepted"] | str
    kind: Literal["photo", "pdf"] | str
    codes: list[str]
    application_id: uuid.UUID | None
    file_name: str | None
    content_type: str
    size: int
    sha256: str
    original_size: int
    original_sha256: str
    pages: int | None
    page_names: list[str] | None
    width: int | None
    height: int | None
    measures: list[MeasureBody]
    crop: PartBody | None
    findings: list[FindingBody]
    advice: list[AdviceBody]
    improvements: list[str]
    scan: ScanBody
    thumbnail: str | None
    sent: str | None
    created_at: dt.datetime
    filed_at: dt.datetime | None
    repaired_at: dt.datetime | None


class MissingPart(Model):
    """A part that has not arrived: `size` bytes from `offset` on, to be sent as the field `file` after `fields`."""

    number: int
    offset: int
    size: int
    fields: dict[str, str]


class IncomingBody(Model):
    """A file on its way. Post each missing part to `url` as `multipart/form-data`, and ask again."""

    id: uuid.UUID
    size: int
    received: int
    url: str
    seconds: int
    missing: list[MissingPart]
    ends_at: dt.datetime
    document_id: uuid.UUID | None


class LinkBody(Model):
    """A link that works for a short while, for anybody who has it: do not store it."""

    url: str
    expires_at: dt.datetime
