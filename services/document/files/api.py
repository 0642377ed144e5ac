"""HTTP: upload, look up, link, delete."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.document.audit import Tag
from services.document.checks.catalogue import CATALOGUE
from services.document.checks.crops import Part
from services.document.checks.verdict import Finding
from services.document.files import domain
from services.document.files.commands import documents, incoming, repairs
from services.document.files.commands.hashes import Hashes
from services.document.files.commands.incoming import Incoming
from services.document.files.commands.scans import Scans
from services.document.files.commands.uploads import Uploads
from services.document.files.domain import PreviewSize, Tickets
from services.document.files.problems import ConsentMissing, FileRefused, FileRepairable, NothingToImprove
from services.document.files.schemas import (
    UPLOAD_FORM,
    AdviceBody,
    Crop,
    DocumentBody,
    FindingBody,
    Improve,
    IncomingBody,
    Joined,
    LinkBody,
    NewIncoming,
    OfferBody,
    RefusedMembers,
    Rename,
    Repair,
    RulesBody,
    ScanBody,
    UploadResult,
    parse,
)
from services.document.files.store import filings, scans
from services.document.files.store.documents import Document
from services.document.files.store.scans import FileScan
from services.document.objects import ObjectStore
from services.document.settings import Settings
from shared.auth import APPLICANT_ROLES, Actor, Caller, Owner, Record, permit, public, readers
from shared.clock import legal_date
from shared.http import Lang, Language, Page, PageQuery, refusal_with, refusals
from shared.http.commands import EachTime, Once
from shared.http.forwarded import caller_of
from shared.http.marks import KeyedMark, RequestMark
from shared.reference.files import MOST_DOCUMENTS_IN_A_FILE, photo_rules
from shared.service import CurrentRuntime

# Form fields and boundaries beside the file.
FORM_BYTES = 64 * 1024
READERS = (*APPLICANT_ROLES, *readers(*documents.FILES_OF.values()))

# Of an answer, what is not a column of the row.
_MADE = ("findings", "advice", "improvements", "status", "scan", "thumbnail", "sent")

router = APIRouter(prefix="/v1/documents", tags=["documents"])
uploads_router = APIRouter(prefix="/v1/uploads", tags=["documents"])


def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


def _objects(request: Request) -> ObjectStore:
    objects: ObjectStore = request.app.state.objects
    return objects


def _hashes(request: Request) -> Hashes:
    hashes: Hashes = request.app.state.hashes
    return hashes


def _scans(request: Request) -> Scans:
    scanning: Scans = request.app.state.scans
    return scanning


def _incoming(request: Request) -> Incoming:
    incoming: Incoming = request.app.state.incoming
    return incoming


def address_of(request: Request) -> str:
    """The address a request comes from. It decides in whose turn files of people without an account are checked."""
    settings: Settings = request.app.state.runtime.settings
    return caller_of(request, settings.gateway_key)


async def _wait_for_disconnect(request: Request) -> None:
    """Returns when the caller does not wait for the answer any more. The body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _admit(request: Request, caller: Caller) -> None:
    """Refuses a caller who may not upload now."""
    await _uploads(request).admit(caller, address_of(request))


async def _admit_upload(request: Request, caller: Caller) -> None:
    """Runs before anything reads the body: a caller who may not upload is refused at once."""
    await _uploads(request).admit(caller, address_of(request))
    most = domain.MOST_PICTURES
    await request.form(max_files=most, max_fields=MOST_DOCUMENTS_IN_A_FILE + 5 + most, max_part_size=4096)


@router.post(
    "",
    status_code=201,
    responses=refusals(429) | refusal_with(422, RefusedMembers),
    dependencies=[permit(*APPLICANT_ROLES), Depends(_admit_upload)],
    openapi_extra=UPLOAD_FORM,
)
async def upload(
    request: Request, caller: Caller, mark: KeyedMark, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """Send a face photo or a document: a PDF, or pictures of its pages (JPEG, PNG, HEIC, TIFF, WebP), of which a PDF is
    made. The content is checked at once; the name and declared type count nothing.

    A file that cannot be used is answered 422 `file-refused`; `errors` says in plain words what is wrong and what to
    do. A photo is cropped to 3:4 and freed of metadata; a PDF is kept byte for byte. Where a repaired copy of a PDF can
    be used, the 422 is `file-repairable`, and `offer` says how to take it.

    `upload_id` takes the place of a `file` for one that was sent in parts (`POST /v1/uploads`); naming it again answers
    with the same document. Several files are pictures of the pages of one document, in the order of the form.
    """
    fields, result = parse(await request.form()), None
    arriving = _incoming(request)
    rows = {each.upload_id: await arriving.find(caller, each.upload_id) for each in fields.files if each.upload_id}
    for row in rows.values():
        result = result or await arriving.result(row)
    if result is None:
        whole = [await arriving.fetch(rows[each.upload_id]) if each.upload_id else each for each in fields.files]
        result = await _uploads(request).take(
            caller,
            mark,
            replace(fields, files=tuple(whole)),
            address_of(request),
            lambda: _wait_for_disconnect(request),
        )
    for row in rows.values():
        await arriving.remove_parts(row)
    return await _answer(request, caller, result, lang, runtime)


@router.post(
    "/joined",
    status_code=201,
    responses=refusals(404, 409, 429) | refusal_with(422, RefusedMembers),
    dependencies=[permit(*APPLICANT_ROLES), Depends(_admit)],
)
async def join(
    request: Request, body: Joined, caller: Caller, mark: KeyedMark, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """Put pages of files that were made of pictures together to a new one: in another order, without some, or of
    several. The files that they are taken from stay; delete them where they are needed no more."""
    wanted = list(dict.fromkeys(page.document_id for page in body.pages))
    async with runtime.db.read() as session:
        found = await documents.own_pictures(session, caller, body.pages)
    for document_id in wanted:
        await _hashes(request).require(found[document_id], caller, mark)
    contents = [await _objects(request).get(found[document_id].object_key or "") for document_id in wanted]
    result = await _uploads(request).join(
        caller, mark, body, [found[each] for each in wanted], contents, lambda: _wait_for_disconnect(request)
    )
    return await _answer(request, caller, result, lang, runtime)


async def _answer(
    request: Request, caller: Actor, result: UploadResult, lang: Lang, runtime: CurrentRuntime
) -> DocumentBody:
    """The file that an upload made. Raises `FileRefused` with its findings where it was not accepted."""
    async with runtime.db.read() as session:
        document = await session.get(Document, result.id)
        scanned = await scans.of_documents(session, [result.id])
    assert document is not None
    # A repeated request gets its first answer, unless a repaired copy was taken since.
    if result.status != "accepted" and document.status != domain.Status.ACCEPTED:
        raise _refusal(document, lang)
    return _body(request, document, scanned, lang, caller)


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
    request: Request,
    caller: Caller,
    paging: PageQuery,
    lang: Language,
    runtime: CurrentRuntime,
    application_id: Annotated[UUID | None, Query(description="only files sent for or filed with it")] = None,
) -> Page[DocumentBody]:
    """The accepted files of the organisation or person the caller acts for, in the caller's roles; oldest first."""
    after = paging.after(datetime, UUID)
    async with runtime.db.read() as session:
        found = await filings.of_owner(session, Owner.of(caller), application_id, after, paging.limit + 1)
        scanned = await scans.of_documents(session, [document.id for document in found])
    return paging.page([_body(request, d, scanned, lang, caller) for d in found], key=lambda d: (d.created_at, d.id))


@router.get("/{document_id}", dependencies=[permit(*READERS)])
async def look_up(
    request: Request, document_id: UUID, caller: Caller, mark: RequestMark, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """One file's data. Officers see the files of the records that they see; each reading is journalled."""
    async with runtime.commands.work(caller, mark) as work:
        document = await documents.read(work, document_id)
        return _body(request, document, await scans.of_documents(work.session, [document_id]), lang, caller)


@router.get(
    "/by-application/{application_id}",
    dependencies=[permit(*readers(Record.APPLICATION_FILE), kinds=("officer",))],
)
async def list_filed(
    request: Request, application_id: UUID, caller: Caller, mark: RequestMark, lang: Language, runtime: CurrentRuntime
) -> list[DocumentBody]:
    """The data of every file that was filed with an application, oldest first, for officers of its office. The
    reading of each is journalled."""
    async with runtime.commands.work(caller, mark) as work:
        found = await documents.read_filed(work, application_id)
        scanned = await scans.of_documents(work.session, [document.id for document in found])
        return [_body(request, document, scanned, lang, caller) for document in found]


@router.patch("/{document_id}", responses=refusals(409), dependencies=[permit(*APPLICANT_ROLES)])
async def rename(
    request: Request, document_id: UUID, body: Rename, run: EachTime, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """Give an own file another name, until it is filed: 409 `document-filed`."""
    await run(documents.rename, document_id, body.file_name)
    async with runtime.db.read() as session:
        document = await session.get(Document, document_id)
        return _body(request, document, await scans.of_documents(session, [document_id]), lang, run.actor)


@router.get("/{document_id}/link", responses=refusals(409), dependencies=[permit(*READERS)])
async def link(
    request: Request, document_id: UUID, caller: Caller, mark: RequestMark, runtime: CurrentRuntime
) -> LinkBody:
    """A short-lived link to the stored file, or to a repaired copy before it is taken; it downloads and is never shown
    inline. An officer's use is journalled.

    409 `file-not-scanned` until it is scanned for malware, and `file-quarantined` where some was found. The stored
    content is compared with its hash first: 409 `file-altered` where it is another.
    """
    settings = runtime.settings
    assert isinstance(settings, Settings)
    lifetime = timedelta(seconds=settings.link_seconds)
    async with runtime.commands.work(caller, mark) as work:
        document = await documents.read(work, document_id, Tag.DOWNLOAD, copies=True)
        await _scans(request).require_clean(work.session, document)
    assert document.object_key is not None
    assert document.content_type is not None
    # Reads the whole file, so no transaction stays open for that time.
    await _hashes(request).require(document, caller, mark)
    # Named after its id: the sender's name for it is not trusted in a header.
    name = f"{document.id}.{'jpg' if document.kind == domain.Kind.PHOTO else 'pdf'}"
    url = await _objects(request).link(document.object_key, name, document.content_type, lifetime)
    return LinkBody(url=url, expires_at=runtime.clock.now() + lifetime)


@router.post(
    "/{document_id}/repair",
    responses=refusals(409) | refusal_with(422, RefusedMembers),
    dependencies=[permit(*APPLICANT_ROLES)],
)
async def repair(
    request: Request, document_id: UUID, body: Repair, once: Once, lang: Language, runtime: CurrentRuntime
) -> DocumentBody:
    """Take the repaired copy of a file that could not be used as it was sent: it is accepted in its place, with the
    same id. What was sent stays known by its hash."""
    try:
        await once(repairs.take_copy, document_id, body, _uploads(request).quota)
    except ConsentMissing as missing:
        async with runtime.db.read() as session:
            offered = await session.get(Document, document_id)
        assert offered is not None
        missing.members = _members(offered, lang)
        raise
    async with runtime.db.read() as session:
        document = await session.get(Document, document_id)
        return _body(request, document, await scans.of_documents(session, [document_id]), lang, once.actor)


@router.post(
    "/{document_id}/copies",
    status_code=201,
    responses=refusals(404, 409, 429),
    dependencies=[permit(*APPLICANT_ROLES), Depends(_admit)],
)
async def improve(
    request: Request, document_id: UUID, body: Improve, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> OfferBody:
    """Make a copy of an own PDF that is smaller or has its pages upright; `improvements` says what it can be without.
    The copy waits like a repaired one: look at it, take it (`POST /v1/documents/{id}/repair` with its id) and delete
    the other, or give it up."""
    async with runtime.db.read() as session:
        document = await documents.own_usable(session, caller, document_id)
    codes = list(dict.fromkeys(body.codes))
    possible = domain.improvements(document.advice)
    if not set(codes) <= set(possible):
        raise NothingToImprove(possible)
    await _hashes(request).require(document, caller, mark)
    content = await _objects(request).get(document.object_key or "")
    result = await _uploads(request).improve(
        caller, mark, document, content, codes, lambda: _wait_for_disconnect(request)
    )
    async with runtime.db.read() as session:
        copy = await session.get(Document, result.id)
    assert copy is not None
    return _offer(copy)


@router.post(
    "/{document_id}/crop",
    status_code=201,
    responses=refusals(404, 409, 429) | refusal_with(422, RefusedMembers),
    dependencies=[permit(*APPLICANT_ROLES), Depends(_admit)],
)
async def crop(
    request: Request,
    document_id: UUID,
    body: Crop,
    caller: Caller,
    mark: KeyedMark,
    lang: Language,
    runtime: CurrentRuntime,
) -> DocumentBody:
    """Cut another part out of the picture that an own photo was cut from, until the photo is filed. It is a new photo
    with an id of its own, checked like an upload; delete the other where it is needed no more. 409 `original-gone`
    where the picture is not kept: send it again."""
    async with runtime.db.read() as session:
        photo = await documents.own_photo(session, caller, document_id)
    part = Part(**body.part.model_dump()) if body.part else None
    result = await _uploads(request).crop(
        caller, mark, photo, part, address_of(request), lambda: _wait_for_disconnect(request)
    )
    return await _answer(request, caller, result, lang, runtime)


@router.delete("/{document_id}", status_code=204, dependencies=[permit(*APPLICANT_ROLES)])
async def delete(document_id: UUID, run: EachTime) -> Response:
    """Delete an own file that was not filed yet, or give a repaired copy up. What was filed stays: 409
    `document-filed`."""
    await run(documents.delete, document_id)
    return Response(status_code=204)


@uploads_router.post(
    "", status_code=201, responses=refusals(429), dependencies=[permit(*APPLICANT_ROLES), Depends(_admit)]
)
async def begin(request: Request, body: NewIncoming, run: EachTime) -> IncomingBody:
    """Begin to send a file in parts, straight to the store; or go on, where the same content was begun before.

    Post the missing parts, ask again, and name the upload in `POST /v1/documents` when none is missing. Of more than
    twenty open ones the oldest makes room; what is not complete after a day is removed.
    """
    begun = await run(incoming.begin, body)
    return await _incoming(request).state(await _incoming(request).find(run.actor, begun.id))


@uploads_router.get("/{upload_id}", dependencies=[permit(*APPLICANT_ROLES)])
async def progress(request: Request, upload_id: UUID, caller: Caller) -> IncomingBody:
    """A file on its way: what arrived, and the forms for what is missing."""
    return await _incoming(request).state(await _incoming(request).find(caller, upload_id))


@uploads_router.delete("/{upload_id}", status_code=204, dependencies=[permit(*APPLICANT_ROLES)])
async def give_up(upload_id: UUID, run: EachTime) -> Response:
    """Give up a file on its way; what arrived of it is removed. A document that was made of it stays."""
    await run(incoming.give_up, upload_id)
    return Response(status_code=204)


def _refusal(document: Document, lang: Lang) -> FileRefused:
    findings, members = _findings(document), _members(document, lang)
    refused = FileRepairable(findings) if members["offer"] else FileRefused(findings)
    refused.members = members
    return refused


def _members(document: Document, lang: Lang) -> dict[str, Any]:
    """Members of the refusal of a file beside the problem, in JSON's types."""
    offer = None
    if document.status == domain.Status.REPAIRABLE:
        offer = _offer(document)
    findings = [FindingBody.of(each, lang) for each in _findings(document)]
    return RefusedMembers(findings=findings, offer=offer).model_dump(mode="json")


def _offer(copy: Document) -> OfferBody:
    return OfferBody(
        document_id=copy.id,
        consent=not domain.CONSENT_CODES.isdisjoint(copy.problems),
        until=copy.created_at + domain.COPY_WAITS,
        **{name: getattr(copy, name) for name in ("size", "sha256", "original_size", "original_sha256")},
    )


def _findings(document: Document) -> list[Finding]:
    """The findings of a file; where only codes were kept of them, without page and numbers."""
    if document.findings:
        return [Finding.read(each) for each in document.findings]
    return [Finding(code, CATALOGUE[code].severity) for code in (*document.problems, *document.advice)]


def _body(request: Request, document: Any, scanned: Mapping[UUID, FileScan], lang: Lang, reader: Actor) -> DocumentBody:
    found = scanned[document.id]
    opens = _scans(request).opens(domain.ScanState(found.state))
    scan = ScanBody.model_validate({"state": found.state, "scanned_at": found.scanned_at, "opens": opens})
    thumbnail = _link(request, document.id, reader, PreviewSize.THUMBNAIL) if opens else None
    sent = _link(request, document.id, reader, PreviewSize.SENT) if opens and document.original_kept else None
    findings = [FindingBody.of(each, lang) for each in _findings(document)]
    advice = [AdviceBody(code=each.code, message=each.message) for each in findings if each.code in document.advice]
    fields = {name: getattr(document, name) for name in DocumentBody.model_fields if name not in _MADE}
    possible = [] if document.filed_at else domain.improvements(document.advice)
    return DocumentBody(
        **fields,
        findings=findings,
        advice=advice,
        improvements=possible,
        status="accepted",
        scan=scan,
        thumbnail=thumbnail,
        sent=sent,
    )


def _link(request: Request, document_id: UUID, reader: Actor, size: PreviewSize) -> str | None:
    """The link to a file's first page for its owner, in one size. Officers ask for a preview, which is journalled."""
    if reader.kind == "officer" or reader.account_id is None:
        return None
    tickets: Tickets = request.app.state.tickets
    now = request.app.state.runtime.clock.now()
    return f"{tickets.link(reader.account_id, document_id, now)}/1?size={size}"
