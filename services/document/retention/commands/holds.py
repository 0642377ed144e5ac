"""Legal holds: an officer keeps the files of a record from being deleted, and lifts that again."""

from uuid import UUID

from services.document.audit import Tag
from services.document.files.commands.documents import FILES_OF
from services.document.files.domain import RecordKind
from services.document.retention.problems import AlreadyLifted
from services.document.retention.schemas import Done, Lift, NewHold
from services.document.retention.store import holds
from services.document.retention.store.holds import Hold
from shared.auth import Actor, sees
from shared.db import ReadSession
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import Work


async def set_hold(work: Work, asked: NewHold) -> Done:
    """Hold the files of a record, those that are filed with it later too. There may be several holds on one."""
    kind = await require_record(work.session, work.actor, asked.record_id)
    hold = Hold(
        id=new_id(),
        record_id=asked.record_id,
        kind=kind.value,
        reason=asked.reason,
        set_by=work.actor_id,
        set_at=work.now,
        lift_reason=None,
        lifted_by=None,
        lifted_at=None,
    )
    work.session.add(hold)
    work.journal(kind.value, asked.record_id, Tag.HOLD, {"hold": hold.id})
    return Done(id=hold.id)


async def lift_hold(work: Work, hold_id: UUID, lift: Lift) -> Done:
    """End a hold; the files go when no other holds them and their retention is over."""
    hold = await holds.hold(work.session, hold_id, lock=True)
    if hold is None:
        raise NotFound()
    kind = await require_record(work.session, work.actor, hold.record_id)
    if hold.lifted_at is not None:
        raise AlreadyLifted()
    hold.lifted_at, hold.lifted_by, hold.lift_reason = work.now, work.actor_id, lift.reason
    work.journal(kind.value, hold.record_id, Tag.LIFT, {"hold": hold.id})
    return Done(id=hold.id)


async def require_record(session: ReadSession, actor: Actor, record_id: UUID) -> RecordKind:
    """The kind of a record whose files the officer sees. Raises `NotFound`."""
    record = await holds.record_of(session, record_id)
    if record is None or not sees(actor, FILES_OF[RecordKind(record.kind)], record.office):
        raise NotFound()
    return RecordKind(record.kind)
