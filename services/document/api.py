"""HTTP: upload, look up, link, delete."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.document import commands, domain, store
from services.document.audit import Tag
from services.document.hashes import Hashes
from services.document.objects import ObjectStore
from services.document.problems import ADVICE, FileRefused
from services.document.settings import Settings
from services.document.store import Document
from services.document.uploads import Uploads, parse
from shared.auth import APPLICANT_ROLES, Caller, Owner, permit, public, readers
from shared.clock import legal_date
from shared.http import Language, Page, PageQuery, refusals, say
from shared.http.commands import EachTime
from shared.http.forwarded import caller_of
from shared.http.marks import KeyedMark, RequestMark
from shared.reference.files import photo_rules
from shared.service import CurrentRuntime, current_runtime

# Form fields and boundaries beside the file.
FORM_BYTES = 64 * 1024
READERS = (*APPLICANT_ROLES, *readers(*commands.FILES_OF.values()))

router = APIRouter(prefix="/v1/documents", tags=["documents"])

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
    "width": 1200,
    "height": 1600,
    "advice": [{"code": "photo-dark", "message": "The photo looks dark; a brighter one is safer."}],
    "created_at": "2026-07-01T01:23:45Z",
    "filed_at": None,
}


class AdviceBody(BaseModel):
    """Something to look at; the file is accepted all the same."""

    code: str
    message: str = Field(description="in the language of the answer")


class DocumentBody(BaseModel):
    """An accepted file. Sizes in bytes; `sha256` is of what is stored, `original_sha256` of what was sent."""

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
    width: int | None = Field(description="of a photo as it is stored, in pixels")
    height: int | None
    advice: list[AdviceBody]
    created_at: datetime
    filed_at: datetime | None = Field(description="when it was filed; it cannot be deleted then")


class LinkBody(BaseModel):
    """A link that works for a short while, for whoever has it: do not store it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://files.example.jp/documents/...", "expires_at": "2026-07-01T01:25:45Z"}]
        }
    )

    url: str
    expires_at: datetime


class RulesBody(BaseModel):
    """What is accepted, for the pages that ask for files."""

    max_file_bytes: int = domain.MAX_FILE_BYTES
    photo_types: list[str] = Field(examples=[["image/jpeg", "image/png"]])
    photo_min_width: int = Field(examples=[480])
    photo_min_height: int = Field(examples=[640])
    photo_ratio: str = Field(examples=["3:4"])
    document_types: list[str] = ["application/pdf"]
    pdf_max_pages: int = domain.PDF_MAX_PAGES


def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


def _objects(request: Request) -> ObjectStore:
    objects: ObjectStore = request.app.state.objects
    return objects


def _hashes(request: Request) -> Hashes:
    hashes: Hashes = request.app.state.hashes
    return hashes


def _address(request: Request) -> str:
    """The address a request comes from. It decides in whose turn files of people without an account are checked."""
    settings: Settings = current_runtime(request).settings
    return caller_of(request, settings.gateway_key)


async def _gone(request: Request) -> None:
    """Returns when the caller does not wait for the answer any more. The body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _admitted(request: Request, caller: Caller) -> None:
    """Comes before anything reads the body: who may not upload is refused at once, and the form has one file."""
    await _uploads(request).admit(caller, _address(request))
    await request.form(max_files=1, max_fields=domain.MAX_CODES + 5, max_part_size=4096)


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "kind"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "at most 25 MB"},
                        "kind": {"type": "string", "enum": ["photo", "pdf"]},
                        "codes": {"type": "array", "items": {"type": "string"}, "maxItems": domain.MAX_CODES},
                        "application_id": {"type": "string", "format": "uuid"},
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=201,
    responses=refusals(429),
    dependencies=[permit(*APPLICANT_ROLES), Depends(_admitted)],
    openapi_extra=_FORM,
)
async def upload(
    request: Request, caller: Caller, mark: KeyedMark, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """Send a face photo (JPEG, PNG) or a PDF. The content is checked at once; the name and declared type count nothing.

    A file that cannot be used is answered 422 `file-refused`; `errors` says in plain words what is wrong and what to
    do. A photo is cropped to 3:4 and freed of metadata; a PDF is kept byte for byte.
    """
    fields = parse(await request.form())
    judged = await _uploads(request).take(caller, mark, fields, _address(request), lambda: _gone(request))
    if judged.status == "rejected":
        raise FileRefused(tuple(judged.problems))
    async with runtime.db.read() as session:
        document = await session.get(Document, judged.id)
    return _body(document, lang)


@router.get("/rules", dependencies=[public])
async def rules(runtime: CurrentRuntime) -> RulesBody:
    """The files that are accepted today."""
    photo = photo_rules(legal_date(runtime.clock.now()))
    return RulesBody(
        photo_types=[f"image/{name}" for name in photo.formats],
        photo_min_width=photo.min_width,
        photo_min_height=photo.min_height,
        photo_ratio=f"{photo.ratio.numerator}:{photo.ratio.denominator}",
    )


@router.get("", dependencies=[permit(*APPLICANT_ROLES)])
async def own(
    caller: Caller,
    paging: PageQuery,
    lang: Language,
    runtime: CurrentRuntime,
    application_id: Annotated[UUID | None, Query(description="only files sent for or filed with it")] = None,
) -> Page[DocumentBody]:
    """The accepted files of the organisation or person the caller acts for, in the caller's roles; oldest first."""
    after = paging.after(datetime, UUID)
    async with runtime.db.read() as session:
        found = await store.of_owner(session, Owner.of(caller), application_id, after, paging.limit + 1)
    return paging.page([_body(d, lang) for d in found], key=lambda d: (d.created_at, d.id))


@router.get("/{document_id}", dependencies=[permit(*READERS)])
async def look_up(
    document_id: UUID, caller: Caller, mark: RequestMark, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """One file's data. Officers see the files of the records that they see; each reading is journalled."""
    async with runtime.commands.work(caller, mark) as work:
        return _body(await commands.read(work, document_id), lang)


@router.get("/{document_id}/link", responses=refusals(409), dependencies=[permit(*READERS)])
async def link(
    request: Request, document_id: UUID, caller: Caller, mark: RequestMark, runtime: CurrentRuntime
) -> LinkBody:
    """A short-lived link to the stored file; it downloads and is never shown inline. An officer's use is journalled.

    The stored content is compared with its hash first: 409 `file-altered` where it is another.
    """
    settings = runtime.settings
    assert isinstance(settings, Settings)
    lifetime = timedelta(seconds=settings.link_seconds)
    async with runtime.commands.work(caller, mark) as work:
        document = await commands.read(work, document_id, Tag.DOWNLOAD)
    assert document.object_key is not None
    assert document.content_type is not None
    # Reads the whole file, so no transaction stays open meanwhile.
    await _hashes(request).require(document, caller, mark)
    # Named after its id: the sender's name for it is not trusted in a header.
    name = f"{document.id}.{'jpg' if document.kind == domain.Kind.PHOTO else 'pdf'}"
    url = await _objects(request).link(document.object_key, name, document.content_type, lifetime)
    return LinkBody(url=url, expires_at=runtime.clock.now() + lifetime)


@router.delete("/{document_id}", status_code=204, dependencies=[permit(*APPLICANT_ROLES)])
async def delete(document_id: UUID, run: EachTime) -> Response:
    """Delete an own file that was not filed yet. What was filed stays: 409 `document-filed`."""
    await run(commands.delete, document_id)
    return Response(status_code=204)


def _body(document: Any, lang: Any) -> DocumentBody:
    advice = [AdviceBody(code=code, message=say(ADVICE[code], lang)) for code in document.advice]
    fields = {name: getattr(document, name) for name in DocumentBody.model_fields if name not in ("advice", "status")}
    return DocumentBody(**fields, advice=advice, status="accepted")
