"""Officers' reading. Each look at a case, and each list with the cases in it, leaves a line in the journal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.review.audit import READS, WORDING, Tag
from services.review.commands.answers import CaseBrief
from services.review.commands.file import CaseDetail, Timeline, TimelineEntry
from services.review.commands.loading import lock
from services.review.commands.same_person import shown
from services.review.domain.states import State
from services.review.store import Case
from services.review.store.queries import QueueFilter, case_file, queue, timeline
from shared.auth import Role
from shared.errors import NotFound
from shared.http import Page, Paging
from shared.work import Work


async def search(work: Work, wanted: QueueFilter, paging: Paging) -> Page[CaseBrief]:
    """One page of the work queue, oldest first. Without the auditor's role only the own office is seen."""
    after = paging.after(datetime, UUID)
    cases = (await work.session.scalars(queue(wanted, after, paging.limit + 1))).all()
    page = paging.page([CaseBrief.of(case) for case in cases], key=lambda case: (case.submitted_at, case.id))
    assert work.actor.id is not None
    work.journal(
        "work_queue",
        work.actor.id,
        Tag.SEARCH,
        {
            "office": wanted.office,
            "states": [State(state).value for state in wanted.states],
            "receipt_number": wanted.receipt_number,
            "case_ids": [case.id for case in page.items],
        },
    )
    return page


async def read(work: Work, case_id: UUID) -> CaseDetail:
    """The whole case."""
    case = await lock(work, case_id)
    same_person = await shown(work, case)
    told = {"same_person": [other.case_id for other in same_person]} if same_person else {}
    work.journal("case", case.id, Tag.READ, told)
    return CaseDetail.of_file(case, await case_file(work.session, case.id), same_person)


async def read_by_application(work: Work, application_id: UUID) -> CaseDetail:
    """The whole case of an application."""
    case_id = await work.session.scalar(select(Case.id).where(Case.application_id == application_id))
    if case_id is None:
        raise NotFound()
    return await read(work, case_id)


async def read_timeline(work: Work, case_id: UUID) -> Timeline:
    """What happened in a case; an auditor also sees who read it."""
    case = await lock(work, case_id)
    without = frozenset() if work.actor.has(Role.AUDITOR) else frozenset(tag.value for tag in READS)
    rows = await timeline(work.session, case.id, without)
    work.journal("case", case.id, Tag.READ, {"what": "timeline"})
    return Timeline(
        case_id=case.id,
        entries=[
            TimelineEntry(
                number=row.version,
                at=row.at,
                action=row.action,
                ja=WORDING[Tag(row.action)].ja,
                en=WORDING[Tag(row.action)].en,
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                detail=row.detail,
            )
            for row in rows
        ],
    )
