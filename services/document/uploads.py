"""An upload from its first byte to its verdict: read, digest, check, store, enter."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

import structlog
from starlette.datastructures import FormData, UploadFile

from services.document import store
from services.document.checks.pool import Checker, Meter
from services.document.checks.queue import Place
from services.document.checks.verdict import Verdict
from services.document.commands import (
    AccountStopped,
    Judged,
    QuotaReached,
    Stored,
    Upload,
    for_one_record,
    judge,
    owner_of,
    quota_of,
)
from services.document.domain import (
    CHECKS_FOR_ONE_RECORD,
    MAX_CODES,
    MAX_FILE_BYTES,
    Allowance,
    Kind,
    Quota,
    clean_name,
    object_key,
)
from services.document.objects import ObjectStore, StoreUnavailable
from services.document.spending import Charged, Spending
from shared.auth import Actor
from shared.errors import FieldProblem, Invalid, Problem, Text, TooLarge
from shared.ids import new_id
from shared.work import Commands, RequestIdentity

log = structlog.get_logger(__name__)

_CHUNK = 1024 * 1024
_CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_TYPES = {Kind.PHOTO: "image/jpeg", Kind.PDF: "application/pdf"}


class NobodyWaits(Problem):
    """The caller has gone: the file is neither checked nor stored. Nobody reads this answer."""

    code = "caller-gone"
    title = Text("接続が切れたため、ファイルは保存されていません", "The connection ended; the file was not stored")


@dataclass(frozen=True, slots=True)
class Fields:
    """The form of an upload, parsed."""

    file: UploadFile
    kind: Kind
    codes: tuple[str, ...]
    application_id: UUID | None


class Uploads:
    """Takes uploads in. `quota` and `allowance` are per owner."""

    def __init__(
        self, commands: Commands, checker: Checker, objects: ObjectStore, quota: Quota, allowance: Allowance
    ) -> None:
        self._commands = commands
        self._checker = checker
        self._objects = objects
        self._quota = quota
        self._allowance = allowance
        self._spending = Spending(commands.db, commands.clock)

    async def admit(self, actor: Actor, address: str) -> None:
        """Refuse before a byte is read who may not upload now; the command asks again."""
        async with self._commands.db.read() as session:
            if actor.account_id is not None and await store.is_stopped(session, actor.account_id):
                raise AccountStopped()
            if not quota_of(actor, self._quota).leaves_room(*await store.unfiled(session, owner_of(actor)), 1):
                raise QuotaReached()
        await self._spending.admit(self._charged(actor, address))

    async def take(
        self, actor: Actor, mark: RequestIdentity, fields: Fields, address: str, gone: Callable[[], Awaitable[None]]
    ) -> Judged:
        """Check, store and enter one file. The answer may be a rejection; it is committed all the same.

        `gone` returns when the caller does not wait any more: then the check is given up, and nothing is stored.
        """
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
        if size:
            verdict = await self._check(actor, address, gone, fields.kind, source, size, now)
        else:
            verdict = Verdict.refused("file-empty")
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

    async def _check(
        self,
        actor: Actor,
        address: str,
        gone: Callable[[], Awaitable[None]],
        kind: Kind,
        source: BinaryIO,
        size: int,
        now: datetime,
    ) -> Verdict:
        """The verdict, charged to the owner. Raises `NobodyWaits`, and `TooBusy`."""
        meter, refused = Meter(), False
        if for_one_record(actor):
            place = Place.of_stranger(address, str(owner_of(actor)))
        else:
            place = Place.of_account(str(owner_of(actor)))
        checking = self._checker.check(kind.value, source, size, now, place, meter)
        check = asyncio.ensure_future(checking)  # watched: below
        left = asyncio.ensure_future(gone())  # watched: below
        try:
            await asyncio.wait((check, left), return_when=asyncio.FIRST_COMPLETED)
            if not check.done():
                raise NobodyWaits()
            verdict = check.result()
            refused = not verdict.accepted
            return verdict
        finally:
            for task in (check, left):
                task.cancel()
            await asyncio.gather(check, left, return_exceptions=True)
            await self._spending.add(self._charged(actor, address), meter.seconds, refused)

    def _charged(self, actor: Actor, address: str) -> list[Charged]:
        owner = f"owner:{owner_of(actor)}"
        if not for_one_record(actor):
            return [Charged(owner, self._allowance)]
        # Drafts cost a mail address each, so the address they come from has a limit too: that of an organisation.
        digest = sha256(address.encode()).hexdigest()[:32]
        return [Charged(owner, CHECKS_FOR_ONE_RECORD), Charged(f"address:{digest}", self._allowance)]

    async def _put(self, upload: Upload, verdict: Verdict, source: BinaryIO) -> Stored:
        """Store what is kept of the file: a PDF byte for byte, a photo as the check has cleaned it."""
        size, digest = upload.size, upload.sha256
        if upload.kind is Kind.PHOTO:
            # What was sent is never kept of a photo, whatever a check might answer.
            assert verdict.cleaned is not None
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
