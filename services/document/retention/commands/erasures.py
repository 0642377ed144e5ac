"""Erasure on request (個人情報保護法): what may go goes at once, and a proof says of each file what became of it."""

from uuid import UUID

from services.document.archives.store import in_progress
from services.document.audit import Tag
from services.document.files.commands.documents import (
    decline_copy,
    for_one_record,
    forget_person,
    owner_of,
    remove,
)
from services.document.files.domain import DeleteReason, Status
from services.document.files.problems import OneRecordAlone
from services.document.files.store.documents import lock_owner
from services.document.retention.commands.holds import require_record
from services.document.retention.domain import MOST_ERASED, Keeps, keeps
from services.document.retention.problems import ArchiveInProgress, OwnFilesAlone, RequestMissing
from services.document.retention.schemas import Done, NewErasure
from services.document.retention.store import erasures
from services.document.retention.store.erasures import Bound, ErasedFile, Erasure
from shared.auth import Actor, Owner
from shared.db import ReadSession
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import Work

_OF_THE_OFFICE = ("record_id", "request_number", "received_on")


async def erase(work: Work, asked: NewErasure) -> Done:
    """Erase the caller's own files or, for an officer, those that were filed with a record, as far as they may go."""
    by_office = work.actor.kind == "officer"
    given = [name for name in _OF_THE_OFFICE if getattr(asked, name) is not None]
    owner = None
    if by_office:
        if missing := [name for name in _OF_THE_OFFICE if name not in given]:
            raise RequestMissing(*missing)
        assert asked.record_id is not None
        await require_record(work.session, work.actor, asked.record_id)
    else:
        if given:
            raise OwnFilesAlone(*given)
        owner = await _own(work)
    found = await erasures.to_be_erased(work.session, work.now, MOST_ERASED + 1, owner=owner, record_id=asked.record_id)
    bound = found[:MOST_ERASED]
    erasure = Erasure(
        id=new_id(),
        owner_id=owner.id if owner else None,
        record_id=asked.record_id,
        request_number=asked.request_number,
        received_on=asked.received_on,
        erased_by=_answering(work.actor),
        erased_at=work.now,
        complete=len(found) <= MOST_ERASED,
    )
    work.session.add(erasure)
    await work.session.flush()
    kept = {each.document.id: await _erase(work, erasure, each, by_office=by_office) for each in bound}
    reasons = sorted({reason.value for reason in kept.values() if reason})
    counts = {reason: sum(1 for each in kept.values() if each == reason) for reason in reasons}
    number = sum(1 for each in kept.values() if each is None)
    work.journal("erasure", erasure.id, Tag.ERASURE, {"erased": number, "kept": counts})
    return Done(id=erasure.id)


async def _own(work: Work) -> Owner:
    """The owner whose files are erased; what has no file any more loses its name too."""
    if for_one_record(work.actor):
        raise OneRecordAlone()
    owner = Owner.of(work.actor)
    if await in_progress(work.session, owner.id):
        raise ArchiveInProgress()
    await lock_owner(work.session, owner.id)
    for refused in await erasures.refused_with_names(work.session, owner, MOST_ERASED):
        forget_person(refused)
    await erasures.forget_sent(work.session, owner, work.now)
    return owner


async def _erase(work: Work, erasure: Erasure, bound: Bound, *, by_office: bool) -> Keeps | None:
    document = bound.document
    reason = keeps(
        by_office=by_office, filed=document.filed_at is not None, is_open=bound.is_open, is_held=bound.is_held
    )
    if reason is None and document.status == Status.REPAIRABLE:
        await decline_copy(work, document)
        forget_person(document)
    elif reason is None:
        await remove(work, document, DeleteReason.ERASED, Tag.ERASE)
    work.session.add(ErasedFile(erasure_id=erasure.id, document_id=document.id, kept=reason and reason.value))
    return reason


async def read_erasure(session: ReadSession, actor: Actor, erasure_id: UUID) -> Erasure:
    """An erasure that the caller asked for, or that is of a record that the officer sees. Raises `NotFound`."""
    found = await erasures.erasure(session, erasure_id)
    if found is None:
        raise NotFound()
    if actor.kind == "officer":
        if found.record_id is None:
            raise NotFound()
        await require_record(session, actor, found.record_id)
    elif found.owner_id != owner_of(actor) or for_one_record(actor):
        raise NotFound()
    return found


def _answering(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id
