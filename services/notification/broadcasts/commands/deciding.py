"""Decisions on a broadcast: approval by another operator, sending back, stopping and resuming it, taking its banner
down."""

from datetime import datetime
from uuid import UUID

from services.notification.audit import Tag
from services.notification.broadcasts.commands.loading import load_for
from services.notification.broadcasts.commands.sending import BROADCAST_DUE, withdraw_mails
from services.notification.broadcasts.domain import Step, may_approve, resumable_until
from services.notification.broadcasts.problems import NotResumable, NotTheLatest, OwnBroadcast, TooLate
from services.notification.broadcasts.schemas import BroadcastBody
from services.notification.broadcasts.store import Broadcast
from shared.timers import at
from shared.work import Work


async def approve(work: Work, broadcast_id: UUID, revision: int) -> BroadcastBody:
    """Approve what another operator wrote and proposed, as it was read; it begins at its time.

    Raises `NotFound`, `StepNotPossible`, `NotTheLatest`, `OwnBroadcast` and `TooLate`.
    """
    broadcast, following = await load_for(work, broadcast_id, Step.APPROVE)
    if not may_approve(work.actor_id, work.actor.person, broadcast.writers, broadcast.writer_persons):
        raise OwnBroadcast()
    if broadcast.revision != revision:
        raise NotTheLatest()
    if any(moment is not None and moment <= work.now for moment in (broadcast.send_at, broadcast.banner_until)):
        raise TooLate()
    broadcast.state = following.value
    broadcast.approved_by, broadcast.approved_person = work.actor_id, work.actor.person
    broadcast.approved_at = work.now
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_APPROVE, {"revision": revision})
    await at(work.session, BROADCAST_DUE, broadcast.id, broadcast.send_at or work.now)
    return _answer(broadcast)


async def send_back(work: Work, broadcast_id: UUID, reason: str) -> BroadcastBody:
    """Make a proposal a draft again, with the reason. Raises `NotFound` and `StepNotPossible`."""
    broadcast, following = await load_for(work, broadcast_id, Step.SEND_BACK)
    broadcast.state = following.value
    broadcast.proposed_by = broadcast.proposed_at = None
    broadcast.returned_reason = reason
    # What is proposed next is another version, also where nothing is changed.
    broadcast.revision += 1
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_SEND_BACK, {"reason": reason})
    return _answer(broadcast)


async def stop(work: Work, broadcast_id: UUID, reason: str) -> BroadcastBody:
    """Stop a broadcast. Nobody gets it any more, its banner goes, and mails that wait are not sent; what the mail
    server has at this moment may arrive.

    Raises `NotFound` and `StepNotPossible`.
    """
    broadcast, following = await load_for(work, broadcast_id, Step.STOP)
    broadcast.state = following.value
    broadcast.stopped_by, broadcast.stopped_reason = work.actor_id, reason
    broadcast.ended_at = work.now
    broadcast.resumable_until = resumable_until(broadcast.approved_at, work.now)
    detail = {"reason": reason, "handed_over": broadcast.handed_over, "recipients": broadcast.recipients}
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_STOP, detail)
    await withdraw_mails(work, broadcast)
    return _answer(broadcast)


async def resume(work: Work, broadcast_id: UUID, reason: str) -> BroadcastBody:
    """Resume a stopped broadcast as it was approved: who does not have it yet gets it, and mails that the stop withdrew
    are sent.

    Raises `NotFound`, `StepNotPossible` and `NotResumable`.
    """
    broadcast, following = await load_for(work, broadcast_id, Step.RESUME)
    if broadcast.resumable_until is None or broadcast.resumable_until <= work.now:
        raise NotResumable()
    broadcast.state = following.value
    broadcast.stopped_by = broadcast.stopped_reason = None
    broadcast.ended_at = broadcast.resumable_until = None
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_RESUME, {"reason": reason})
    await at(work.session, BROADCAST_DUE, broadcast.id, work.now)
    return _answer(broadcast)


async def end_banner(work: Work, broadcast_id: UUID, reason: str) -> BroadcastBody:
    """Take the banner of a broadcast down that was sent. Raises `NotFound` and `StepNotPossible`."""
    broadcast, _ = await load_for(work, broadcast_id, Step.END_BANNER)
    if _has_banner(broadcast, work.now):
        broadcast.banner_ended_at = work.now
        work.journal("broadcast", broadcast.id, Tag.BROADCAST_END_BANNER, {"reason": reason})
    return _answer(broadcast)


def _has_banner(broadcast: Broadcast, now: datetime) -> bool:
    return broadcast.banner_until is not None and broadcast.banner_until > now and broadcast.banner_ended_at is None


def _answer(broadcast: Broadcast) -> BroadcastBody:
    found: BroadcastBody = BroadcastBody.of(broadcast)
    return found
