"""The history of an organisation's category: by a periodic report, and when approvals end."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.registration.audit import Tag
from services.registration.store import OrganisationApproval, OrganisationCategory, PeriodicReport, organisations
from shared.clock import legal_date
from shared.db import ReadSession
from shared.events import OrganisationCategoryChanged
from shared.ids import new_id
from shared.work import Work

ENDED = "approval_ended"
_BATCH = 200


async def put_category(
    work: Work, organisation_id: UUID, category: str, treated: str, today: date, reason: str
) -> None:
    """Add a row to the history, and tell, where it is another than before."""
    last = await organisations.category_on(work.session, organisation_id, today)
    if last is not None and (last.category, last.treated_as) == (category, treated):
        return
    work.session.add(
        OrganisationCategory(
            id=new_id(),
            organisation_id=organisation_id,
            number=await organisations.categories_known(work.session, organisation_id) + 1,
            category=category,
            treated_as=treated,
            valid_from=today,
            reason=reason,
            usage_registration_id=None,
            recorded_at=work.now,
        )
    )
    work.record(
        OrganisationCategoryChanged(
            organisation_id=organisation_id,
            category=category,
            treated_as=treated,
            valid_from=today,
            reason=reason,
        )
    )


async def report_in_force(session: ReadSession, organisation_id: UUID, today: date) -> bool:
    """Whether a periodic report of the organisation was accepted and its term lasts."""
    found = await session.scalar(
        select(PeriodicReport.id)
        .where(PeriodicReport.organisation_id == organisation_id, PeriodicReport.valid_until >= today)
        .limit(1)
    )
    return found is not None


async def end_treatment(work: Work) -> None:
    """Treat organisations without any approval in force as what they are: "treated as 2" counts while it lasts."""
    today = legal_date(work.now)
    last = (
        select(OrganisationCategory)
        .ext(distinct_on(OrganisationCategory.organisation_id))
        .order_by(OrganisationCategory.organisation_id, OrganisationCategory.number.desc())
        .subquery()
    )
    ended = (
        select(OrganisationApproval.organisation_id)
        .group_by(OrganisationApproval.organisation_id)
        .having(func.max(OrganisationApproval.valid_until) < today)
    )
    rows = await work.session.execute(
        select(last.c.organisation_id, last.c.category)
        .where(last.c.category != last.c.treated_as, last.c.organisation_id.in_(ended))
        .limit(_BATCH)
    )
    for organisation_id, category in rows.all():
        work.enter("organisation", organisation_id, Tag.CATEGORY_END)
        await put_category(work, organisation_id, category, category, today, ENDED)
