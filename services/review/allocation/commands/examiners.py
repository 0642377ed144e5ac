"""The examiners of an office: what they examine, and their absences."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.review.allocation.commands.assignment import own_office
from services.review.allocation.domain.examiners import Skill, check_absence, check_skill
from services.review.allocation.schemas.examiners import AbsenceView, Examiners, ExaminerView
from services.review.allocation.store.examiners import (
    Absence,
    Examiner,
    Load,
    absences_in,
    find_examiner,
    loads_in,
    lock_absence,
    skills_in,
)
from services.review.audit import Tag
from services.review.cases.domain.refusal import NotForYou
from shared.auth import Role
from shared.errors import NotFound, Text
from shared.ids import new_id
from shared.reference.caseloads import caseload
from shared.work import Work


async def list_examiners(work: Work) -> Examiners:
    """The examiners of the actor's office with their load. It names no applicant."""
    office = own_office(work)
    loads = await loads_in(work.session, office)
    skills = {row.officer_id: row for row in await skills_in(work.session, office)}
    absences: dict[UUID, list[Absence]] = {}
    for row in await absences_in(work.session, office, work.today):
        absences.setdefault(row.officer_id, []).append(row)
    known = sorted({*loads, *skills, *absences})
    return Examiners(
        office=office,
        limit=caseload(office, work.today).cases,
        items=[_view(one, skills.get(one), loads.get(one), absences.get(one, ()), work.today) for one in known],
    )


async def set_skill(work: Work, officer_id: UUID, skill: Skill) -> ExaminerView:
    """Record what an officer examines at the actor's office."""
    office = own_office(work)
    check_skill(skill, work.today)
    row = await find_examiner(work.session, office, officer_id)
    if row is None:
        row = Examiner(id=new_id(), office=office, officer_id=officer_id)
        work.session.add(row)
    row.procedures, row.statuses = list(dict.fromkeys(skill.procedures)), list(dict.fromkeys(skill.statuses))
    row.set_by, row.set_at = work.actor_id, work.now
    work.journal("examiner", officer_id, Tag.SET_SKILL, {"procedures": row.procedures, "statuses": row.statuses})
    return _view(officer_id, row, None, (), work.today)


async def record_absence(work: Work, officer_id: UUID, first_day: date, last_day: date) -> AbsenceView:
    """Record that an officer of the actor's office is away: by the chief examiner, or by the officer."""
    office = own_office(work)
    _require_chief_or_self(work, officer_id)
    check_absence(first_day, last_day, work.today)
    absence = Absence(
        id=new_id(),
        office=office,
        officer_id=officer_id,
        first_day=first_day,
        last_day=last_day,
        recorded_by=work.actor_id,
        recorded_at=work.now,
        ended_by=None,
        ended_at=None,
    )
    work.session.add(absence)
    work.journal("examiner", officer_id, Tag.RECORD_ABSENCE, {"first_day": first_day, "last_day": last_day})
    return AbsenceView.model_validate(absence)


async def end_absence(work: Work, officer_id: UUID, absence_id: UUID) -> AbsenceView:
    """End an absence that is not over; it stays on record. Raises `NotFound`, also for another office's."""
    office = own_office(work)
    _require_chief_or_self(work, officer_id)
    absence = await lock_absence(work.session, absence_id)
    if absence is None or (absence.office, absence.officer_id) != (office, officer_id) or absence.ended_at is not None:
        raise NotFound()
    absence.ended_by, absence.ended_at = work.actor_id, work.now
    work.journal("examiner", officer_id, Tag.END_ABSENCE, {"absence_id": absence_id})
    return AbsenceView.model_validate(absence)


def _require_chief_or_self(work: Work, officer_id: UUID) -> None:
    if not work.actor.has(Role.CHIEF_EXAMINER) and officer_id != work.actor_id:
        raise NotForYou(
            "not-your-absence",
            Text("他の職員の不在は決裁者が登録します", "The chief examiner records the absence of another officer"),
        )


def _view(
    officer_id: UUID, row: Examiner | None, load: Load | None, absences: Sequence[Absence], today: date
) -> ExaminerView:
    return ExaminerView(
        officer_id=officer_id,
        procedures=row.procedures if row else [],
        statuses=row.statuses if row else [],
        cases=load.cases if load else 0,
        at_work=load.at_work if load else 0,
        absent=any(one.first_day <= today for one in absences),
        absences=[AbsenceView.model_validate(one) for one in absences],
    )
