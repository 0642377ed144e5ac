"""Flags of a case: set and taken away by the chief examiner, with a reason."""

from uuid import UUID

from services.review.allocation.domain import flags
from services.review.allocation.store.assignment import Flag, flags_of
from services.review.audit import Tag
from services.review.cases.commands.loading import Loaded, load, officer
from services.review.cases.schemas import CaseBrief
from shared.ids import new_id
from shared.work import Work


async def set_flag(work: Work, case_id: UUID, code: str, reason: str) -> CaseBrief:
    """Flag the case. Its place in the queue follows from its flags."""
    loaded = await load(work, case_id)
    present = await flags_of(work.session, case_id)
    flags.set_flag(loaded.progress, officer(work.actor), code, [row.code for row in present])
    flag = Flag(
        id=new_id(),
        case_id=case_id,
        code=code,
        reason=reason,
        set_by=work.actor_id,
        set_at=work.now,
        removed_by=None,
        removed_at=None,
        removed_reason=None,
    )
    work.session.add(flag)
    return _flagged(work, loaded, Tag.FLAG, [*present, flag], code, reason)


async def remove_flag(work: Work, case_id: UUID, code: str, reason: str) -> CaseBrief:
    """Take a flag away; it stays on record."""
    loaded = await load(work, case_id)
    present = await flags_of(work.session, case_id)
    flags.remove_flag(loaded.progress, officer(work.actor), code, [row.code for row in present])
    gone = next(row for row in present if row.code == code)
    gone.removed_by, gone.removed_at, gone.removed_reason = work.actor_id, work.now, reason
    return _flagged(work, loaded, Tag.UNFLAG, [row for row in present if row is not gone], code, reason)


def _flagged(work: Work, loaded: Loaded, tag: Tag, left: list[Flag], code: str, reason: str) -> CaseBrief:
    loaded.case.priority = flags.priority([row.code for row in left])
    work.journal("case", loaded.case.id, tag, {"code": code, "reason": reason})
    return CaseBrief.of(loaded.case)
