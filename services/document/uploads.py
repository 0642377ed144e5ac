"""An upload from its first byte to its verdict: read, digest, check, store, enter."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

import structlog
from starlette.datastructures import FormData, UploadFile

from services.document import store
from services.document.checks.pool import Checker
from services.document.checks.verdict import Verdict
from services.document.commands import AccountStopped, Judged, QuotaReached, Stored, Upload, judge, owner_of, quota_of
from services.document.domain import MAX_CODES, MAX_FILE_BYTES, Kind, Quota, clean_name, object_key
from services.document.objects import ObjectStore, StoreUnavailable
from shared.auth import Actor
from shared.errors import FieldProblem, Invalid, Text, TooLarge
from shared.ids import new_id
from shared.work import Commands, Mark

log = structlog.get_logger(__name__)

_CHUNK = 1024 * 1024
_CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_TYPES = {Kind.PHOTO: "image/jpeg", Kind.PDF: "application/pdf"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The form of an upload, parsed."""

    file: UploadFile
    kind: Kind
    codes: tuple[str, ...]
    application_id: UUID | None


class Uploads:
    """Takes uploads in. `quota` is per owner."""

    def __init__(self, commands: Commands, checker: Checker, objects: ObjectStore, quota: Quota) -> None:
        self._commands = commands
        self._checker = checker
        self._objects = objects
        self._quota = quota

    async def admit(self, actor: Actor) -> None:
        """Refuse before a byte is read who may not upload now; the command asks again."""
        async with self._commands.db.read() as session:
            if actor.account_id is not None and await store.is_stopped(session, actor.account_id):
                raise AccountStopped()
            if not quota_of(actor, self._quota).leaves_room(*await store.unfiled(session, owner_of(actor)), 1):
                raise QuotaReached()

    async def take(self, actor: Actor, mark: Mark, fields: Fields) -> Judged:
        """Check, store and enter one file. The answer may be a rejection; it is committed all the same."""
        source = fields.file.file
        size, digest = await asyncio.to_thread(_measure, source)
        if size > MAX_FILE_BYTES:
            raise TooLarge(Text("ファイルは25MB以内にしてください", "At most 25 MB a file"), code="file-too-large")
        upload = Upload(
            document_id=new_id(),
            kind=fields.kind,
            codes=fields.codes,
            application_id=fields.application_id,
            file_name=clean_name(fields.file.filename or ""),
            size=size,
            sha256=digest,
        )
        now = self._commands.clock.now()
        verdict = (
            await self._checker.check(fields.kind.value, source, size, now) if size else Verdict.refused("file-empty")
        )
        stored = await self._put(upload, verdict, source) if verdict.accepted else None
        # The photo's bytes are in the store by now; the row needs only their measure.
        verdict = replace(verdict, cleaned=None)
        try:
            judged = await self._commands.once(
                actor, mark, lambda work: judge(work, upload, verdict, stored, self._quota), Judged
            )
        except BaseException:
            # The commit may have happened although we did not hear of it: the sweep decides, by the rows.
            log.info("uploads.not_entered", document_id=str(upload.document_id))
            raise
        if stored and judged.id != upload.document_id:
            await self._forget(stored.key)
        return judged

    async def _put(self, upload: Upload, verdict: Verdict, source: BinaryIO) -> Stored:
        """Store what is kept of the file: a PDF byte for byte, a photo as the check has cleaned it."""
        size, digest = upload.size, upload.sha256
        if verdict.cleaned is not None:
            source = BytesIO(verdict.cleaned)
            size, digest = len(verdict.cleaned), sha256(verdict.cleaned).hexdigest()
        day = self._commands.clock.now().astimezone(UTC).date()
        stored = Stored(object_key(day, upload.document_id), _TYPES[upload.kind], size, digest)
        await self._objects.put(stored.key, source, size, stored.content_type)
        return stored

    async def _forget(self, key: str) -> None:
        """A repeated request got its first answer: the second copy goes at once, else with the sweep."""
        try:
            await self._objects.delete(key)
        except StoreUnavailable:
            log.info("uploads.copy_left_for_the_sweep")


def parse(form: FormData) -> Fields:
    """The fields of an upload. Raises `Invalid` with every mistake."""
    mistakes: list[FieldProblem] = []
    file = form.get("file")
    if not isinstance(file, UploadFile):
        mistakes.append(_mistake("/file", "required", "ファイルを選んでください", "Choose a file"))
    kind = str(form.get("kind", ""))
    if kind not in list(Kind):
        mistakes.append(_mistake("/kind", "not-a-choice", "photo か pdf を指定してください", "Give photo or pdf"))
    codes = tuple(dict.fromkeys(str(code) for code in form.getlist("codes")))
    if len(codes) > MAX_CODES or not all(0 < len(code) <= 40 and set(code) <= _CODE for code in codes):
        mistakes.append(_mistake("/codes", "bad-format", "書類コードが正しくありません", "Give up to ten codes"))
    application_id: UUID | None = None
    given = form.get("application_id")
    if given:
        try:
            application_id = UUID(str(given))
        except ValueError:
            mistakes.append(_mistake("/application_id", "not-uuid", "UUID形式で指定してください", "Give a UUID"))
    if mistakes or not isinstance(file, UploadFile):
        raise Invalid(fields=mistakes)
    return Fields(file, Kind(kind), codes, application_id)


def _measure(source: BinaryIO) -> tuple[int, str]:
    digest, size = sha256(), 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    return size, digest.hexdigest()


def _mistake(pointer: str, code: str, ja: str, en: str) -> FieldProblem:
    return FieldProblem(pointer, code, Text(ja, en))
