"""Reading a case. Each reading leaves a line in the journal."""

from uuid import UUID

from services.review.audit import READS, WORDING, Tag
from services.review.case_view.schemas import CaseDetail, CaseFileView, Lists, Timeline, TimelineEntry
from services.review.case_view.store import case_file, timeline
from services.review.cases.commands.loading import load_waiting_parts, lock, officer, with_deciders
from services.review.cases.domain.flow import possible_steps
from services.review.cases.domain.states import Step
from services.review.cases.store import Case, case_id_of
from services.review.decision.commands.loading import as_filed, basis_of
from services.review.decision.commands.same_person import list_same_person
from services.review.decision.domain.decision import grantable
from services.review.decision.store import last_change
from services.review.examination.domain.checklist import CHECKLIST
from services.review.examination.schemas import QuestionView
from shared.auth import Role
from shared.errors import NotFound
from shared.work import Work


async def read(work: Work, case_id: UUID) -> CaseDetail:
    """The whole case."""
    return await _detail(work, await lock(work, case_id))


async def read_by_application(work: Work, application_id: UUID) -> CaseDetail:
    """The whole case of an application."""
    case_id = await case_id_of(work.session, application_id)
    if case_id is None:
        raise NotFound()
    return await read(work, case_id)


async def read_timeline(work: Work, case_id: UUID) -> Timeline:
    """The events of a case; an auditor also sees who read it."""
    case = await lock(work, case_id)
    shown = await _timeline(work, case)
    work.journal("case", case.id, Tag.READ, {"what": "timeline"})
    return shown


async def read_file(work: Work, case_id: UUID) -> CaseFileView:
    """The whole case with its timeline, the questions of the checklist and the words of its codes: one look."""
    case = await lock(work, case_id)
    return CaseFileView(
        case=await _detail(work, case),
        timeline=await _timeline(work, case),
        checklist=QuestionView.all_of(CHECKLIST),
        lists=Lists.on(work.today),
    )


async def _detail(work: Work, case: Case) -> CaseDetail:
    progress = (await load_waiting_parts(work, case)).progress
    same_person = await list_same_person(work, case)
    shown = {"same_person": [other.case_id for other in same_person]} if same_person else {}
    work.journal("case", case.id, Tag.READ, shown)
    file = await case_file(work.session, case)
    steps = possible_steps(with_deciders(progress, file.proposals), officer(work.actor), work.today)
    if file.certificate is None or not file.certificate.in_force:
        steps = [step for step in steps if step is not Step.REVOKE_CERTIFICATE]
    choices = grantable(as_filed(case), work.today)
    made = [one.id for one in file.corrections if one.corrected_at is not None]
    revision = (await last_change(work.session, case.id)).revision
    basis = basis_of(case, revision, made, file.examinations[-1].id if file.examinations else None)
    return CaseDetail.of_file(case, file, same_person, steps, choices, basis, work.now)


async def _timeline(work: Work, case: Case) -> Timeline:
    without = frozenset() if work.actor.has(Role.AUDITOR) else frozenset(tag.value for tag in READS)
    return Timeline(
        case_id=case.id,
        entries=[
            TimelineEntry.of(
                WORDING[Tag(row.action)],
                number=row.version,
                at=row.at,
                action=row.action,
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                detail=row.detail,
            )
            for row in await timeline(work.session, case.id, without)
        ],
    )
