"""Writing a broadcast, changing it, and proposing it to another operator."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from services.notification.audit import Tag
from services.notification.broadcasts.commands.loading import load_for
from services.notification.broadcasts.domain import Group, State, Step
from services.notification.broadcasts.problems import NotTheLatest
from services.notification.broadcasts.schemas import BroadcastBody, BroadcastInput
from services.notification.broadcasts.store import Broadcast
from shared.auth import APPLICANT_ROLES
from shared.errors import FieldProblem, Invalid, Text
from shared.ids import new_id
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.work import Work


async def write(work: Work, wanted: BroadcastInput) -> BroadcastBody:
    """Keep a new draft. Raises `Invalid` for codes that there are not."""
    _require_known_codes(wanted, work.today)
    broadcast = Broadcast(
        id=new_id(),
        **_content(wanted),
        banner_ended_at=None,
        state=State.DRAFT.value,
        revision=1,
        writers=[work.actor_id],
        writer_persons=[work.actor.person] if work.actor.person else [],
        created_at=work.now,
        proposed_by=None,
        proposed_at=None,
        returned_reason=None,
        approved_by=None,
        approved_person=None,
        approved_at=None,
        started_at=None,
        recipients=None,
        handed_over=0,
        left_out=0,
        reached=None,
        ended_at=None,
        stopped_by=None,
        stopped_reason=None,
        resumable_until=None,
    )
    work.session.add(broadcast)
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_WRITE)
    return _answer(broadcast)


async def change(
    work: Work, broadcast_id: UUID, wanted: BroadcastInput, started_from: Callable[[int], None]
) -> BroadcastBody:
    """Change a draft. `started_from` raises for a version that is not the present one.

    Raises `NotFound`, `StepNotPossible` and `Invalid`.
    """
    broadcast, _ = await load_for(work, broadcast_id, Step.CHANGE)
    started_from(broadcast.revision)
    _require_known_codes(wanted, work.today)
    for name, value in _content(wanted).items():
        setattr(broadcast, name, value)
    _add_writer(work, broadcast)
    broadcast.revision += 1
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_CHANGE)
    return _answer(broadcast)


async def propose(work: Work, broadcast_id: UUID, revision: int) -> BroadcastBody:
    """Propose a draft as it was read; nobody who wrote it may approve it.

    Raises `NotFound`, `StepNotPossible` and `NotTheLatest`.
    """
    broadcast, following = await load_for(work, broadcast_id, Step.PROPOSE)
    if broadcast.revision != revision:
        raise NotTheLatest()
    broadcast.state = following.value
    broadcast.proposed_by, broadcast.proposed_at = work.actor_id, work.now
    broadcast.returned_reason = None
    _add_writer(work, broadcast)
    work.journal("broadcast", broadcast.id, Tag.BROADCAST_PROPOSE, {"revision": revision})
    return _answer(broadcast)


def _add_writer(work: Work, broadcast: Broadcast) -> None:
    # New lists: the session sees a value that is set, and not one that was changed in place.
    if work.actor_id not in broadcast.writers:
        broadcast.writers = [*broadcast.writers, work.actor_id]
    if work.actor.person and work.actor.person not in broadcast.writer_persons:
        broadcast.writer_persons = [*broadcast.writer_persons, work.actor.person]


def _content(wanted: BroadcastInput) -> dict[str, Any]:
    banner = wanted.banner
    return {
        "kind": wanted.kind.value,
        "audience": wanted.group.value,
        "codes": sorted(set(wanted.codes)),
        "texts": {lang: said.model_dump() for lang, said in wanted.texts.items()},
        "by_mail": wanted.by_mail,
        "send_at": wanted.send_at,
        "banner_from": banner.from_ if banner else None,
        "banner_until": banner.until if banner else None,
    }


def _require_known_codes(wanted: BroadcastInput, today: date) -> None:
    known = _codes_of(wanted.group, today)
    problems = [
        FieldProblem(f"/codes/{place}", "unknown-code", Text("このコードはありません", "There is no such code"))
        for place, code in enumerate(wanted.codes)
        if code not in known
    ]
    if problems:
        raise Invalid(fields=problems)


def _codes_of(group: Group, today: date) -> frozenset[str]:
    match group:
        case Group.USER_CLASS:
            return frozenset(role.value for role in APPLICANT_ROLES)
        case Group.OFFICE:
            return frozenset(row.code for row in OFFICES.on(today))
        case Group.PROCEDURE:
            return frozenset(str(row.code) for row in PROCEDURES.on(today))
        case _:
            return frozenset()


def _answer(broadcast: Broadcast) -> BroadcastBody:
    found: BroadcastBody = BroadcastBody.of(broadcast)
    return found
