"""The examiner of a case: taking the next one, and giving, handing over and returning one that is chosen."""

from uuid import UUID

from services.review.allocation.domain import assignment
from services.review.allocation.domain.assignment import check_caseload
from services.review.allocation.schemas.assignment import MovedCases
from services.review.allocation.store.assignment import case_ids_of, cases_at_work, lock_caseload, lock_next
from services.review.allocation.store.examiners import absent_officers, skill_of
from services.review.audit import Tag
from services.review.cases.commands.loading import Loaded, event_header, load, load_waiting_parts, officer, save
from services.review.cases.domain.flow import Progress
from services.review.cases.domain.refusal import NotNow
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from shared.auth import Record, scope_of
from shared.errors import Forbidden, NotFound, Text
from shared.events.review import ReviewStarted
from shared.reference.caseloads import caseload
from shared.work import Work


def own_office(work: Work) -> str:
    """The office for which the actor acts. Raises `Forbidden` where their account has none."""
    office = scope_of(work.actor, Record.CASE).office
    if office is None:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    return office


async def take_next(work: Work) -> CaseBrief:
    """Take the most urgent case of the office that nobody has, of those that the actor examines.

    Raises `NotNow` where the actor has as many cases at work as the office allows, and where no case waits.
    """
    office = own_office(work)
    await lock_caseload(work.session, work.actor_id)
    check_caseload(caseload(office, work.today), await cases_at_work(work.session, office, work.actor_id))
    case = await lock_next(work.session, office, await skill_of(work.session, office, work.actor_id))
    if case is None:
        raise NotNow(
            "queue-empty",
            Text(
                "担当できる案件で、審査官の決まっていないものはありません",
                "No case of those that you examine waits for an examiner",
            ),
        )
    loaded = await load_waiting_parts(work, case)
    was_new = loaded.progress.state is State.RECEIVED
    after = assignment.take_next(loaded.progress, officer(work.actor))
    return await _change(work, loaded, after, Tag.START if was_new else Tag.TAKE, how="next")


async def take(work: Work, case_id: UUID) -> CaseBrief:
    """Take a case in examination that nobody has any more."""
    loaded = await load(work, case_id)
    return await _change(work, loaded, assignment.take(loaded.progress, officer(work.actor)), Tag.TAKE)


async def assign(work: Work, case_id: UUID, examiner_id: UUID, note: str | None) -> CaseBrief:
    """Give a new case to an examiner; its examination begins."""
    loaded = await load(work, case_id)
    absent = await absent_officers(work.session, loaded.case.office, work.today)
    after = assignment.assign(loaded.progress, officer(work.actor), examiner_id, absent)
    return await _change(work, loaded, after, Tag.ASSIGN, to=examiner_id, note=note)


async def reassign(work: Work, case_id: UUID, examiner_id: UUID, note: str | None) -> CaseBrief:
    """Give the case to another examiner."""
    loaded = await load(work, case_id)
    absent = await absent_officers(work.session, loaded.case.office, work.today)
    after = assignment.reassign(loaded.progress, officer(work.actor), examiner_id, absent)
    return await _change(work, loaded, after, Tag.REASSIGN, to=examiner_id, note=note)


async def hand_over(work: Work, case_id: UUID, examiner_id: UUID, reason: str) -> CaseBrief:
    """Hand one's own case over to a colleague."""
    loaded = await load(work, case_id)
    absent = await absent_officers(work.session, loaded.case.office, work.today)
    after = assignment.hand_over(loaded.progress, officer(work.actor), examiner_id, absent)
    return await _change(work, loaded, after, Tag.HAND_OVER, to=examiner_id, reason=reason)


async def give_back(work: Work, case_id: UUID, reason: str) -> CaseBrief:
    """Return one's own case to the queue of the office."""
    loaded = await load(work, case_id)
    after = assignment.give_back(loaded.progress, officer(work.actor))
    return await _change(work, loaded, after, Tag.GIVE_BACK, reason=reason)


async def take_back(work: Work, case_id: UUID, reason: str) -> CaseBrief:
    """Take a case back from its examiner into the queue of the office."""
    loaded = await load(work, case_id)
    after = assignment.take_back(loaded.progress, officer(work.actor))
    return await _change(work, loaded, after, Tag.TAKE_BACK, reason=reason)


async def move_cases(work: Work, officer_id: UUID, examiner_id: UUID | None, reason: str) -> MovedCases:
    """Give all cases in examination of one examiner to another, or return them to the queue of the office.

    Each case has its own line in the journal. One on which somebody acted meanwhile stays, and the answer names it.
    """
    office = own_office(work)
    moved: list[UUID] = []
    not_moved: list[UUID] = []
    for case_id in await case_ids_of(work.session, office, officer_id):
        try:
            if examiner_id is None:
                await work.attempt(take_back, case_id, reason)
            else:
                await work.attempt(_move, case_id, officer_id, examiner_id, reason)
        except (NotNow, NotFound):
            not_moved.append(case_id)
        else:
            moved.append(case_id)
    work.journal("examiner", officer_id, Tag.MOVE_CASES, {"to": examiner_id, "cases": moved, "reason": reason})
    return MovedCases(moved=moved, not_moved=not_moved)


async def _move(work: Work, case_id: UUID, officer_id: UUID, examiner_id: UUID, reason: str) -> CaseBrief:
    loaded = await load(work, case_id)
    if loaded.progress.examiner != officer_id:
        raise NotNow("moved", Text("既に別の審査官が担当しています", "Another examiner has it by now"))
    absent = await absent_officers(work.session, loaded.case.office, work.today)
    after = assignment.reassign(loaded.progress, officer(work.actor), examiner_id, absent)
    return await _change(work, loaded, after, Tag.REASSIGN, to=examiner_id, note=reason)


async def _change(work: Work, loaded: Loaded, after: Progress, tag: Tag, **detail: object) -> CaseBrief:
    """Save who has the case now; a case that was new is reported as started."""
    case, before = loaded.case, loaded.progress
    await save(work, loaded, after)
    if before.state is State.RECEIVED:
        work.emit(ReviewStarted.model_validate(event_header(case) | {"office": case.office, "started_at": work.now}))
    work.journal("case", case.id, tag, ({"from": before.examiner} if before.examiner else {}) | detail)
    return CaseBrief.of(case)
