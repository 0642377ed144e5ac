"""Commands on a file. The object is stored before its row is committed: a row always has its object."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from services.document.audit import Tag
from services.document.checks.verdict import Finding, Verdict
from services.document.files.commands.reports import accepted, rejected
from services.document.files.commands.scans import Scan, enter
from services.document.files.domain import (
    MOST_COPIES,
    MOST_JOINED_BYTES,
    ONE_RECORD,
    DeleteReason,
    Kind,
    Quota,
    RecordKind,
    Status,
    sent_key,
)
from services.document.files.problems import AccountStopped, AlreadyFiled, OriginalGone, PagesNotThere, QuotaReached
from services.document.files.schemas import Done, PageOf, UploadResult
from services.document.files.store import accounts, documents, filings, photos
from services.document.files.store.documents import Document
from shared.auth import Actor, Owner, Record, sees
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import NotFound, Text, TooLarge
from shared.events.document import DocumentDeleted
from shared.reference.files import photo_rules
from shared.work import Work

FILES_OF = {
    RecordKind.APPLICATION: Record.APPLICATION_FILE,
    RecordKind.USAGE_REGISTRATION: Record.USAGE_REGISTRATION_FILE,
    RecordKind.PERIODIC_REPORT: Record.PERIODIC_REPORT_FILE,
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in. Sizes are bytes, digests SHA-256 in hex."""

    document_id: UUID
    kind: Kind
    codes: tuple[str, ...]
    application_id: UUID | None
    file_name: str
    size: int
    sha256: str
    # Of a PDF that is made of pictures: the picture of each page.
    page_names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The object in the store of an accepted file. `shared`: it was there before, of another file of the same owner."""

    key: str
    content_type: str
    size: int
    sha256: str
    scan: Scan
    shared: bool = False
    # Whether what was sent is kept as well.
    original: bool = False


class SharedGone(Exception):
    """The other file with the same content was deleted meanwhile: its object goes."""


def quota_of(actor: Actor, quota: Quota) -> Quota:
    """The quota of an actor: less where nobody has signed in (a person's token that is limited to uploads)."""
    return ONE_RECORD if for_one_record(actor) else quota


def for_one_record(actor: Actor) -> bool:
    """Whether the token is for uploads to one record: a draft's, which a mail address is enough for, or a report's."""
    return actor.kind == "person" and actor.scopes is not None and actor.client_id is None


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload with its verdict. `stored` is None exactly where the file was rejected; where it is repairable, it is
    the repaired copy."""

    upload: Upload
    verdict: Verdict
    stored: Stored | None


async def record_upload(
    work: Work, upload: Upload, verdict: Verdict, stored: Stored | None, quota: Quota
) -> UploadResult:
    """Record an upload with its verdict, as `record_uploads`. Raises `QuotaReached`."""
    (result,) = await record_uploads(work, [Examined(upload, verdict, stored)], quota)
    if isinstance(result, QuotaReached):
        raise result
    return result


async def record_uploads(work: Work, files: Sequence[Examined], quota: Quota) -> list[UploadResult | QuotaReached]:
    """Record uploads with their verdicts; `QuotaReached` stands for one that there is no room for, which is not
    recorded. What they have in common is asked once for all of them.

    A rejection is committed like an acceptance: a fact about somebody's upload; the caller gets the answer after.
    Raises `SharedGone`.
    """
    account = work.actor.account_id
    assert account is not None
    if await accounts.is_stopped(work.session, account):
        raise AccountStopped()
    room = await _room(work, quota) if any(each.stored for each in files) else None
    results: list[UploadResult | QuotaReached] = []
    recorded: list[tuple[Document, Stored | None]] = []
    for each in files:
        try:
            if room is not None and each.stored:
                room.take(each.stored.size + (each.upload.size if each.stored.original else 0))
        except QuotaReached as full:
            results.append(full)
            continue
        kept = each.stored
        if kept and kept.shared and not await documents.hold_object(work.session, owner_of(work.actor), kept.key):
            raise SharedGone()
        document = await _document(work, each)
        recorded.append((document, each.stored))
        results.append(
            UploadResult(id=document.id, status=document.status, problems=document.problems, advice=document.advice)
        )
    # All at the end: a query between them would write each by itself.
    work.session.add_all([document for document, _ in recorded])
    await work.session.flush()
    for document, stored in recorded:
        if stored:
            enter(work, document, stored.scan)
        await _reported(work, document)
    return results


async def _document(work: Work, examined: Examined) -> Document:
    """The row of an upload."""
    upload, verdict, stored = examined.upload, examined.verdict, examined.stored
    owner, account = owner_of(work.actor), work.actor.account_id
    assert account is not None
    status = Status.REJECTED
    if stored:
        status = Status.ACCEPTED if verdict.accepted else Status.REPAIRABLE
    photo = verdict.photo
    if photo and (days := await _filed_before(work, owner, photo.likeness, upload.application_id)):
        verdict = replace(verdict, findings=(*verdict.findings, Finding.of("photo-filed-before", measured=days)))
    return Document(
        id=upload.document_id,
        owner_id=owner,
        # The user class of a draft may still change: its files are the record's, whatever the class.
        roles=None if for_one_record(work.actor) else Owner.of(work.actor).role_codes,
        account_id=account,
        application_id=upload.application_id,
        kind=upload.kind.value,
        status=status.value,
        codes=list(upload.codes),
        file_name=upload.file_name or None,
        original_size=upload.size,
        original_sha256=upload.sha256,
        original_kept=stored is not None and stored.original,
        object_key=stored.key if stored else None,
        content_type=stored.content_type if stored else None,
        size=stored.size if stored else None,
        sha256=stored.sha256 if stored else None,
        pages=verdict.pages,
        page_names=None if upload.page_names is None or stored is None else list(upload.page_names),
        width=verdict.width,
        height=verdict.height,
        measures=[asdict(each) for each in photo.measures] if photo else [],
        crop=asdict(photo.part) if photo else None,
        likeness=photo.likeness if photo else None,
        findings=[each.described() for each in verdict.findings],
        problems=list(verdict.problems),
        advice=list(verdict.advice),
        created_at=work.now,
        filed_at=None,
        filed_with=None,
        deleted_at=None,
        delete_reason=None,
        repaired_at=None,
        purged_at=None,
    )


async def _reported(work: Work, document: Document) -> None:
    """Enter what became of an upload in the journal, and report it to others."""
    match document.status:
        case Status.ACCEPTED:
            work.journal("document", document.id, Tag.ACCEPT)
            work.emit(accepted(document, work.now))
        case Status.REPAIRABLE:
            for older in (await documents.copies_of(work.session, document.owner_id, document.id))[MOST_COPIES - 1 :]:
                await decline_copy(work, older)
            work.journal("document", document.id, Tag.OFFER)
        case _:
            work.journal("document", document.id, Tag.REJECT)
            work.emit(rejected(document, work.now, document.problems))


async def _filed_before(work: Work, owner: UUID, likeness: str, application_id: UUID | None) -> int | None:
    """The days since the owner filed a photo that looks like this one; None where they are no reason for advice."""
    filed_at = await photos.first_filed(work.session, owner, likeness, application_id)
    if filed_at is None:
        return None
    today = legal_date(work.now)
    days = (today - legal_date(filed_at)).days
    return days if days >= photo_rules(today).same_after_days else None


async def require_room(work: Work, size: int, quota: Quota) -> None:
    """Raise `QuotaReached` where a file of `size` bytes is too much for its owner; their other uploads wait."""
    (await _room(work, quota)).take(size)


@dataclass(slots=True)
class _Room:
    """Room of an owner: the quota, and the files that take of it, of `size` bytes together."""

    quota: Quota
    files: int
    size: int

    def take(self, size: int) -> None:
        """Count one more file of `size` bytes. Raises `QuotaReached`."""
        if not self.quota.leaves_room(self.files, self.size, size):
            raise QuotaReached(
                Text(
                    "申請に使わないファイルを削除するか、先に申請を提出してください。",
                    "Delete files you do not need, or file your applications first.",
                )
            )
        self.files, self.size = self.files + 1, self.size + size


async def _room(work: Work, quota: Quota) -> _Room:
    """The actor's room; other uploads of theirs wait until the transaction ends."""
    owner = owner_of(work.actor)
    await documents.lock_owner(work.session, owner)
    return _Room(quota_of(work.actor, quota), *await documents.count_unfiled(work.session, owner))


async def read(work: Work, document_id: UUID, tag: Tag = Tag.READ, *, copies: bool = False) -> Document:
    """One accepted document, for its owner or an officer; an officer's reading is journalled. With `copies` also a
    repaired copy that waits for its owner."""
    document = await documents.find(work.session, document_id)
    shown = (Status.ACCEPTED, Status.REPAIRABLE) if copies else (Status.ACCEPTED,)
    if document is None or document.status not in shown or not await _may_see(work, document):
        raise NotFound()
    if work.actor.kind == "officer":
        work.journal("document", document.id, tag)
    return document


async def read_filed(work: Work, application_id: UUID) -> Sequence[Document]:
    """The files that were filed with an application, for an officer; each is looked at, and the journal says so."""
    office = await filings.office_of(work.session, application_id)
    if not sees(work.actor, Record.APPLICATION_FILE, office):
        raise NotFound()
    found = await filings.files_of(work.session, application_id, RecordKind.APPLICATION)
    for document in found:
        work.journal("document", document.id, Tag.READ)
    return found


async def own_usable(session: ReadSession, actor: Actor, document_id: UUID) -> Document:
    """The actor's accepted file that is not filed. Raises `NotFound` and `AlreadyFiled`."""
    document = await documents.find(session, document_id)
    if document is None or document.status != Status.ACCEPTED or not owns(actor, document):
        raise NotFound()
    if document.filed_at is not None:
        raise AlreadyFiled()
    return document


async def own_photo(session: ReadSession, actor: Actor, document_id: UUID) -> Document:
    """The actor's photo of which another part can be cut. Raises `NotFound`, `AlreadyFiled` and `OriginalGone`."""
    document = await own_usable(session, actor, document_id)
    if not document.original_kept:
        raise OriginalGone()
    return document


async def own_pictures(session: ReadSession, actor: Actor, pages: Sequence[PageOf]) -> dict[UUID, Document]:
    """The actor's accepted files that `pages` are of, by id. Raises `NotFound`, and `PagesNotThere` where there is no
    such page or a file was not made of pictures."""
    found: dict[UUID, Document] = {}
    mistakes = []
    for at, page in enumerate(pages):
        document = found.get(page.document_id) or await documents.find(session, page.document_id)
        if document is None or document.status != Status.ACCEPTED or not owns(actor, document):
            raise NotFound()
        found[page.document_id] = document
        if document.page_names is None:
            mistakes.append((at, "not-of-pictures"))
        elif page.page > len(document.page_names):
            mistakes.append((at, "no-such-page"))
    if mistakes:
        raise PagesNotThere(mistakes)
    if sum(document.size or 0 for document in found.values()) > MOST_JOINED_BYTES:
        raise TooLarge(
            Text("まとめるファイルは合わせて50MB以内にしてください", "Put files of at most 50 MB together"),
            code="file-too-large",
        )
    return found


async def rename(work: Work, document_id: UUID, name: str) -> Done:
    """Give an own file that was not filed another name; what was filed keeps the one that the office sees."""
    document = await documents.find(work.session, document_id, lock=True)
    if document is None or document.status != Status.ACCEPTED or not owns(work.actor, document):
        raise NotFound()
    if document.filed_at is not None:
        raise AlreadyFiled()
    if document.file_name != name:
        document.file_name = name
        work.journal("document", document.id, Tag.RENAME)
    return Done()


async def delete(work: Work, document_id: UUID) -> Done:
    """Delete an own file that was not filed. The object goes after the commit, or with the next round of the job."""
    document = await documents.find(work.session, document_id, lock=True)
    if document is None or document.status == Status.REJECTED or not owns(work.actor, document):
        raise NotFound()
    if document.status == Status.REPAIRABLE:
        await decline_copy(work, document)
        return Done()
    if document.filed_at is not None:
        raise AlreadyFiled()
    await remove(work, document, DeleteReason.BY_OWNER, Tag.DELETE)
    return Done()


async def remove(work: Work, document: Document, reason: DeleteReason, tag: Tag) -> None:
    """Mark a document as deleted, with everything that follows; for the owner's command and for retention."""
    await to_be_removed(work, document)
    document.status = Status.DELETED.value
    document.deleted_at = work.now
    document.delete_reason = reason.value
    forget_person(document)
    work.journal("document", document.id, tag, {"reason": reason.value})
    work.emit(
        DocumentDeleted(
            document_id=document.id,
            owner_id=document.owner_id,
            application_id=document.application_id,
            kind=Kind(document.kind).value,
            roles=tuple(document.roles or ()),
            reason_code=reason.value,
            deleted_at=work.now,
        )
    )


def forget_person(document: Document) -> None:
    """Take from a row what says something about a person: its name, and what was measured of a face."""
    document.file_name = document.page_names = None
    document.likeness = None
    document.measures = []
    document.crop = None


async def decline_copy(work: Work, document: Document) -> None:
    """Give a repaired copy up: the file is rejected, as it would be without a repair."""
    await to_be_removed(work, document)
    document.status = Status.REJECTED.value
    document.object_key = document.content_type = document.size = document.sha256 = None
    work.journal("document", document.id, Tag.REJECT)
    work.emit(rejected(document, work.now, document.problems))


async def to_be_removed(work: Work, document: Document) -> None:
    """Have the object of a document removed from the store, after the commit, where no other file needs it."""
    assert document.object_key is not None
    await forget_original(work, document)
    await documents.leave_object(work.session, document.object_key, work.now)


async def forget_original(work: Work, document: Document) -> None:
    """Have the picture that a photo was cut from removed from the store, after the commit."""
    if document.original_kept:
        assert document.object_key is not None
        document.original_kept = False
        key = sent_key(document.object_key, document.original_sha256)
        await documents.leave_object(work.session, key, work.now)


def owner_of(actor: Actor) -> UUID:
    """The owner of an actor's uploads. Tokens always carry it."""
    assert actor.owner_id is not None
    return actor.owner_id


def owns(actor: Actor, document: Document) -> bool:
    """Whether the actor is the file's owner, in a role in which it was sent."""
    mine = Owner.of(actor)
    return document.owner_id == mine.id and (document.roles is None or not mine.roles.isdisjoint(document.roles))


async def _may_see(work: Work, document: Document) -> bool:
    """Its owner may, and an officer who sees one of the records that it was filed with."""
    if work.actor.kind != "officer":
        return owns(work.actor, document)
    filed = await filings.filed_with(work.session, document.id)
    return any(sees(work.actor, FILES_OF[RecordKind(record.kind)], record.office) for record in filed)
