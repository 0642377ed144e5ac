"""A case goes to another office: jurisdiction follows the applicant's address."""

from uuid import UUID

from services.review.allocation.domain import assignment
from services.review.allocation.store.assignment import Transfer
from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, officer, save
from services.review.cases.schemas import CaseBrief
from shared.events.review import CaseTransferred
from shared.ids import new_id
from shared.work import Work


async def transfer(work: Work, case_id: UUID, office: str, reason: str) -> CaseBrief:
    """Give the case to another office, whose queue has it from now on with its history. Due dates and clocks go on."""
    loaded = await load(work, case_id)
    case = loaded.case
    after = assignment.transfer(loaded.progress, officer(work.actor), case.office, office, work.today)
    await save(work, loaded, after)
    before, case.office = case.office, office
    work.session.add(
        Transfer(
            id=new_id(),
            case_id=case_id,
            from_office=before,
            to_office=office,
            reason=reason,
            transferred_by=work.actor_id,
            transferred_at=work.now,
        )
    )
    work.journal("case", case_id, Tag.TRANSFER, {"from": before, "to": office, "reason": reason})
    event = event_header(case) | {"office": office, "office_before": before, "transferred_at": work.now}
    work.emit(CaseTransferred.model_validate(event))
    return CaseBrief.of(case)
