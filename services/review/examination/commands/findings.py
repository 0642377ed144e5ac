"""Examination of a case: its start, and findings."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, officer, save
from services.review.cases.schemas import CaseBrief
from services.review.examination.domain import flow
from services.review.examination.domain.checklist import Evidence, Finding, check_evidence, checklist_of, complete
from services.review.examination.store import Examination
from shared.events.review import ReviewStarted
from shared.ids import new_id
from shared.work import Work


async def start(work: Work, case_id: UUID) -> CaseBrief:
    """Take a case that nobody has."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.start(loaded.progress, officer(work.actor)))
    case = loaded.case
    work.journal("case", case.id, Tag.START)
    work.emit(ReviewStarted.model_validate(event_header(case) | {"office": case.office, "started_at": work.now}))
    return CaseBrief.of(case)


async def examine(
    work: Work,
    case_id: UUID,
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Sequence[Evidence]],
    note: str | None,
) -> CaseBrief:
    """Record findings. Each time is a record of its own; none is changed."""
    loaded = await load(work, case_id)
    questions = checklist_of(loaded.case.procedure, loaded.case.status_of_residence)
    answers = complete(findings, questions)
    check_evidence(evidence, questions, loaded.case.document_ids)
    await save(work, loaded, flow.examine(loaded.progress, officer(work.actor), work.today))
    examination = Examination(
        id=new_id(),
        case_id=case_id,
        examiner_id=work.actor_id,
        findings=dict(answers),
        evidence={
            code: [
                {"document_id": one.document_id and str(one.document_id), "page": one.page, "field": one.field}
                for one in items
            ]
            for code, items in evidence.items()
            if items
        },
        note=note,
        examined_at=work.now,
    )
    work.session.add(examination)
    work.journal("case", case_id, Tag.EXAMINE, {"examination_id": examination.id})
    return CaseBrief.of(loaded.case)
