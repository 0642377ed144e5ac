"""Files over HTTP: the form of an upload, and the answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated, Any, BinaryIO, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData, UploadFile

from services.document.checks import limits
from services.document.checks.catalogue import Severity
from services.document.checks.crops import Part
from services.document.checks.sniff import PAGES
from services.document.checks.verdict import Finding
from services.document.files import domain
from services.document.files.domain import Kind, clean_name
from shared.errors import FieldProblem, Invalid, Text
from shared.http import Lang, say, upload_body
from shared.http.uploads import no_file
from shared.reference.files import MOST_DOCUMENTS_IN_A_FILE
from shared.reference.photo_ranges import Outcome
from shared.text import BadValue, half_width
from shared.text.typed import AsSent, Typed

_EXAMPLE: dict[str, Any] = {
    "id": "01a20911-fd7b-71e3-a6cc-c196b4396416",
    "status": "accepted",
    "kind": "photo",
    "codes": [],
    "application_id": None,
    "file_name": "photo.jpg",
    "content_type": "image/jpeg",
    "size": 182044,
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "original_size": 3182044,
    "original_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "pages": None,
    "page_names": None,
    "width": 1200,
    "height": 1600,
    "measures": [
        {"code": "face_height", "value": 24.6, "unit": "mm", "low": 22, "high": 28, "outcome": "passed"},
        {"code": "brightness", "value": 48.2, "unit": "", "low": 55, "high": 243, "outcome": "advice"},
    ],
    "crop": {"left": 12.5, "top": 4.0, "width": 71.0},
    "findings": [
        {
            "code": "photo-dark",
            "severity": "advice",
            "page": None,
            "values": {},
            "message": "The photo looks dark; a brighter one is safer.",
        }
    ],
    "advice": [{"code": "photo-dark", "message": "The photo looks dark; a brighter one is safer."}],
    "improvements": [],
    "scan": {"state": "clean", "scanned_at": "2026-07-01T01:23:45Z", "opens": True},
    "thumbnail": "/v1/previews/AaIJEf17ceOmzMGWs5ZBZg/1?size=thumbnail",
    "sent": "/v1/previews/AaIJEf17ceOmzMGWs5ZBZg/1?size=sent",
    "created_at": "2026-07-01T01:23:45Z",
    "filed_at": None,
    "repaired_at": None,
}


class FindingBody(BaseModel):
    """One thing that the check found in a file."""

    code: str = Field(description="stable")
    severity: Severity = Field(description="`advice`: the file is accepted all the same")
    page: int | None = Field(description="from 1; null: the whole file")
    values: dict[str, int | float] = Field(description="the numbers of the message, as `measured` and `allowed`")
    message: str = Field(description="what it is and what to do, in the language of the answer")

    @classmethod
    def of(cls, finding: Finding, lang: Lang) -> "FindingBody":
        return cls(**finding.described(), message=say(finding.text, lang))


class MeasureBody(BaseModel):
    """One measurement of a photo. None of them refuses it."""

    code: str = Field(description="stable", examples=["face_height"])
    value: float
    unit: str = Field(description="mm of the print, degrees, percent, or none")
    low: float | None = Field(description="the range in which it passes; null: open on that side")
    high: float | None
    outcome: Outcome = Field(description="`failed`: far out of the range")


class PartWanted(BaseModel):
    """A part of a picture in percent of its upright width and height; the height of the part follows from 3:4."""

    model_config = ConfigDict(extra="forbid")

    left: float = Field(ge=0, le=100)
    top: float = Field(ge=0, le=100)
    width: float = Field(ge=1, le=100)


class PartBody(BaseModel):
    """The part of the sent picture that was kept, in percent of its upright width and height; 3:4."""

    left: float
    top: float
    width: float


class Crop(BaseModel):
    """Another part of the picture that a photo was cut from; without one, the part around the face."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"part": {"left": 12.5, "top": 4, "width": 71}}]}
    )

    part: PartWanted | None = None


class OfferBody(BaseModel):
    """A repaired copy that can be taken: it looks the same on every page. Sizes in bytes."""

    document_id: UUID = Field(description="`POST /v1/documents/{id}/repair` takes it, `DELETE` gives it up")
    size: int = Field(examples=[182044])
    sha256: str
    original_size: int = Field(examples=[183391])
    original_sha256: str
    consent: bool = Field(description="a restriction was taken off: `own_file` is asked for")
    until: datetime = Field(description="when it is given up")


class Improve(BaseModel):
    """The findings that a copy is to be without."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"codes": ["pdf-scan-fine"]}]})

    codes: list[Annotated[str, Field(pattern=r"^[a-z-]{1,40}$")]] = Field(min_length=1, max_length=10)


class RefusedMembers(BaseModel):
    """Members of the answer to a file that cannot be used, beside the problem."""

    findings: list[FindingBody]
    offer: OfferBody | None = Field(None, description="with `file-repairable`")


class Repair(BaseModel):
    """The word of the owner who takes a repaired copy."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"own_file": True}]})

    own_file: bool = Field(False, description="the owner may take restrictions off this file")


class Rename(BaseModel):
    """Another name for an own file."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"file_name": "納税証明書.pdf"}]})

    file_name: Annotated[str, Typed(clean_name, most=120)]


class AdviceBody(BaseModel):
    """Something to look at; the file is accepted all the same."""

    code: str
    message: str = Field(description="in the language of the answer")


class ScanBody(BaseModel):
    """The scan for malware. A file that is not `clean` is opened for nobody."""

    state: Literal["waiting", "clean", "infected", "not-scannable"]
    scanned_at: datetime | None
    opens: bool = Field(description="whether the file can be opened and shown now")


class DocumentBody(BaseModel):
    """An accepted file. Sizes in bytes; `sha256` is of what is stored, `original_sha256` of what was sent; with
    `repaired_at` a repaired copy is stored, and findings say of what."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    status: Literal["accepted"]
    kind: Literal["photo", "pdf"]
    codes: list[str] = Field(description="what the document proves; codes of the reference data")
    application_id: UUID | None
    file_name: str | None
    content_type: str
    size: int
    sha256: str
    original_size: int
    original_sha256: str
    pages: int | None = Field(description="of a PDF")
    page_names: list[str] | None = Field(description="of a PDF that was made of pictures: the picture of each page")
    width: int | None = Field(description="of a photo as it is stored, in pixels")
    height: int | None
    measures: list[MeasureBody] = Field(description="of a photo")
    crop: PartBody | None = Field(description="of a photo: send `crop_left`, `crop_top`, `crop_width` for another part")
    findings: list[FindingBody]
    advice: list[AdviceBody] = Field(description="code and message of the findings")
    improvements: list[str] = Field(
        description="findings that a copy can be made without: `POST /v1/documents/{id}/copies`"
    )
    scan: ScanBody
    thumbnail: str | None = Field(
        description="for its owner: a link to the first page, 320 pixels large, as those of `preview`"
    )
    sent: str | None = Field(
        description="of an own photo that was not filed: a link to the whole picture it was cut from, 1200 pixels large"
    )
    created_at: datetime
    filed_at: datetime | None = Field(description="when it was filed; it cannot be deleted then")
    repaired_at: datetime | None = Field(description="when a repaired copy was taken in place of what was sent")


class LinkBody(BaseModel):
    """A link that works for a short while, for anybody who has it: do not store it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://files.example.jp/documents/...", "expires_at": "2026-07-01T01:25:45Z"}]
        }
    )

    url: str
    expires_at: datetime


class PageOf(BaseModel):
    """A page of a file that was made of pictures."""

    model_config = ConfigDict(extra="forbid")

    document_id: UUID
    page: int = Field(ge=1, le=limits.PDF_MAX_PAGES, description="from 1", examples=[2])


class Joined(BaseModel):
    """The pages of a new file, in order, of one or several files that were made of pictures."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "pages": [
                        {"document_id": "01a20911-fd7b-71e3-a6cc-c196b4396416", "page": 2},
                        {"document_id": "01a20911-fd7b-71e3-a6cc-c196b4396416", "page": 1},
                    ],
                    "codes": ["RES_TAX"],
                    "application_id": None,
                }
            ]
        },
    )

    pages: list[PageOf] = Field(min_length=1, max_length=limits.PICTURE_MAX_JOINED)
    codes: list[Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")]] = Field([], max_length=MOST_DOCUMENTS_IN_A_FILE)
    application_id: UUID | None = None


class RulesBody(BaseModel):
    """The rules for files, for the pages that ask for them."""

    max_file_bytes: int = domain.MAX_FILE_BYTES
    photo_types: list[str] = Field(examples=[["image/jpeg", "image/png"]])
    photo_min_width: int = Field(examples=[480])
    photo_min_height: int = Field(examples=[640])
    photo_ratio: str = Field(examples=["3:4"])
    document_types: list[str] = ["application/pdf"]
    picture_types: list[str] = Field(
        [f"image/{name}" for name in PAGES], description="accepted as pages of a document; a PDF is made of them"
    )
    most_pictures: int = Field(domain.MOST_PICTURES, description="of one upload")
    pdf_max_pages: int = limits.PDF_MAX_PAGES


def _crop(where: str, least: int = 0) -> dict[str, Any]:
    """A field of the part of a photo to keep."""
    description = f"percent {where}. All three or none: without them the photo is cropped around the face"
    return {"type": "number", "minimum": least, "maximum": 100, "description": description}


UPLOAD_FORM = upload_body(
    f"at most 25 MB; of a document also up to {domain.MOST_PICTURES} pictures, a field `file` for each page, in order",
    ["kind"],
    kind={"type": "string", "enum": ["photo", "pdf"]},
    codes={"type": "array", "items": {"type": "string"}, "maxItems": MOST_DOCUMENTS_IN_A_FILE},
    application_id={"type": "string", "format": "uuid"},
    crop_left=_crop("from the left edge, of the width"),
    crop_top=_crop("from the upper edge, of the height"),
    crop_width=_crop("wide, of the width; the height follows from the print's shape", 1),
    upload_id={"type": "string", "format": "uuid", "description": "in place of a `file`: one that was sent in parts"},
)


class UploadResult(BaseModel):
    """The outcome of an upload, kept as the answer to a repeated request."""

    id: UUID
    status: Literal["accepted", "rejected", "repairable"]
    problems: list[str]
    advice: list[str]

    @classmethod
    def of(cls, document: Any) -> "UploadResult":
        """The outcome of an upload as its document has it; one that is deleted since was accepted."""
        status: Literal["accepted", "rejected"] = "rejected" if document.status == "rejected" else "accepted"
        return cls(id=document.id, status=status, problems=document.problems, advice=document.advice)


class NewIncoming(BaseModel):
    """A file that is about to be sent in parts. Sending the same again goes on with what has arrived of it."""

    model_config = ConfigDict(extra="forbid")

    file_name: Annotated[str, AsSent("a program names files; it is kept as clean_name reads it")] = Field(
        max_length=255, examples=["scan.pdf"]
    )
    size: int = Field(gt=0, le=domain.MAX_FILE_BYTES, description="bytes", examples=[18_204_413])
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="hash of the whole file, hexadecimal",
        examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    )


class Begun(BaseModel):
    """A file on its way, in the command's answer."""

    id: UUID


class MissingPart(BaseModel):
    """A part that has not arrived: `size` bytes from `offset` on, to be sent as the field `file` after `fields`."""

    number: int
    offset: int
    size: int
    fields: dict[str, str] = Field(description="fields of the form, as the store wants them")


class IncomingBody(BaseModel):
    """A file on its way. Post each missing part to `url` as `multipart/form-data`, and ask again."""

    id: UUID
    size: int
    received: int = Field(description="bytes that have arrived")
    url: str
    seconds: int = Field(description="how long the forms of the missing parts work")
    missing: list[MissingPart]
    ends_at: datetime = Field(description="what is not complete by then is removed")
    document_id: UUID | None = Field(description="the document that was made of it")


class Done(BaseModel):
    """The answer of a command that returns nothing."""


CROP_FIELDS = ("crop_left", "crop_top", "crop_width")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.][0-9]{1,9})?) *%?")
_CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of an upload. With `upload_id` it was sent in parts, and is empty until they are fetched."""

    file: BinaryIO
    name: str
    upload_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """The form of an upload, parsed. Several files are pictures of the pages of one document, in this order."""

    files: tuple[Sent, ...]
    kind: Kind
    codes: tuple[str, ...]
    application_id: UUID | None
    part: Part | None


_CODES = Text(
    "書類コードは、英大文字・数字・「_」で40字以内のものを{most}個まで指定してください（例：RES_TAX）",
    "Give up to {most} document codes of at most 40 capital letters, digits and underscores (for example RES_TAX)",
).with_values(most=MOST_DOCUMENTS_IN_A_FILE)
_MOST = Text(
    "写真は1枚、書類の画像は1回に{most}枚まで指定してください。続きは別に送信し、あとで1つにまとめられます",
    "Give one photo, or up to {most} pictures of a document at a time; send the rest afterwards and put them together",
).with_values(most=domain.MOST_PICTURES)


def parse(form: FormData) -> Fields:
    """The fields of an upload. Raises `Invalid` with every mistake."""
    mistakes: list[FieldProblem] = []
    kind = str(form.get("kind", ""))
    sent = _files(form, kind, mistakes)
    if kind not in list(Kind):
        mistakes.append(_mistake("/kind", "not-a-choice", Text("photo か pdf を指定してください", "Give photo or pdf")))
    codes = tuple(dict.fromkeys(str(code) for code in form.getlist("codes")))
    if len(codes) > MOST_DOCUMENTS_IN_A_FILE or not all(0 < len(code) <= 40 and set(code) <= _CODE for code in codes):
        mistakes.append(_mistake("/codes", "bad-format", _CODES))
    application_id = _uuid(form.get("application_id"), "application_id", mistakes)
    part = _part(form, mistakes)
    if mistakes:
        raise Invalid(fields=mistakes)
    return Fields(tuple(sent), Kind(kind), codes, application_id, part)


def _files(form: FormData, kind: str, mistakes: list[FieldProblem]) -> list[Sent]:
    """The files in the order in which the form has them: whole, or by the id of an upload in parts."""
    sent: list[Sent] = []
    for name, value in form.multi_items():
        if name == "file" and isinstance(value, UploadFile):
            sent.append(Sent(value.file, value.filename or ""))
        elif name == "upload_id" and (upload_id := _uuid(value, name, mistakes)):
            sent.append(Sent(BytesIO(), "", upload_id))
    if not sent and not form.get("upload_id"):
        mistakes.append(no_file())
    if len(sent) > (domain.MOST_PICTURES if kind == Kind.PDF else 1):
        mistakes.append(_mistake("/file", "too-many", _MOST))
    if len({each.upload_id for each in sent if each.upload_id}) < sum(each.upload_id is not None for each in sent):
        mistakes.append(
            _mistake("/upload_id", "twice", Text("同じファイルが2回指定されています", "A file is named twice"))
        )
    return sent


def _part(form: FormData, mistakes: list[FieldProblem]) -> Part | None:
    """The part of a photo to keep; None where nothing was typed. Adds to `mistakes` what was typed wrongly."""
    if not any(form.get(name) for name in CROP_FIELDS):
        return None
    values: list[float] = []
    for name in CROP_FIELDS:
        value = _percent(str(form.get(name, "")))
        least = 1 if name == "crop_width" else 0
        if value is None or not least <= value <= 100:
            mistakes.append(
                _mistake(
                    f"/{name}",
                    "not-a-share",
                    Text(
                        "{least}から100までの数（%）を入力してください（例：12.5）。3つとも空欄にする"
                        "と、自動で切り抜きます",
                        "Enter a percentage from {least} to 100, like 12.5. With all three empty it is cropped for you",
                    ).with_values(least=least),
                )
            )
        values.append(value or 0)
    return Part(*values)


def _percent(typed: str) -> float | None:
    try:
        number = _PERCENT.fullmatch(half_width(typed))
    except BadValue:
        return None
    return float(number[1]) if number else None


def _uuid(given: object, name: str, mistakes: list[FieldProblem]) -> UUID | None:
    """The id in a field; a mistake where it is none."""
    if not given:
        return None
    try:
        return UUID(str(given))
    except ValueError:
        mistakes.append(_mistake(f"/{name}", "not-uuid", Text("UUID形式で指定してください", "Give a UUID")))
        return None


def _mistake(pointer: str, code: str, text: Text) -> FieldProblem:
    return FieldProblem(pointer, code, text)
