"""The designation paper (指定書) that goes with a card: kept when the card is made, and drawn when it is read."""

from uuid import UUID

from services.application.audit import Tag
from services.application.certificates.commands.issuing import stated
from services.application.certificates.commands.views import Holder
from services.application.certificates.domain import issue_day
from services.application.certificates.problems import NoDesignation
from services.application.certificates.schemas import DesignationPrinted
from services.application.forms.options import options_of
from services.application.papers.designation import DesignationPaper
from services.application.progress.commands.officer_reading import look_at_filed
from services.application.progress.domain import State
from services.application.tables import Application, Designation
from shared.db import ReadSession
from shared.errors import Text
from shared.events.review import CardIssued
from shared.reference.grant_conditions import in_order, in_words
from shared.reference.offices import OFFICES
from shared.reference.statuses import STATUSES
from shared.work import Work


async def on_card(work: Work, event: CardIssued) -> None:
    """Keep what the card's permission designates; another card, in place of a lost one, has the same."""
    if not event.conditions:
        return
    application = await work.session.get(Application, event.application_id, with_for_update=True)
    assert application is not None, "the step before looked for it"
    conditions = stated(work, event.conditions)
    kept = await work.session.get(Designation, event.application_id)
    if kept is not None:
        kept.conditions = conditions
    else:
        work.session.add(
            Designation(
                application_id=event.application_id,
                status_of_residence=application.status_of_residence,
                conditions=conditions,
                made_at=event.issued_at,
            )
        )
    work.journal("application", event.application_id, Tag.DESIGNATED)


async def paper_of(session: ReadSession, application: Application) -> DesignationPaper:
    """Everything that stands on the paper of an application. Raises `NoDesignation`."""
    designation = await session.get(Designation, application.id)
    # A grant that was ended before the card was handed over states nothing any more.
    if designation is None or application.state == State.TERMINATED:
        raise NoDesignation()
    holder, day = Holder.of(application), issue_day(designation.made_at)
    assert application.receipt_number is not None
    return DesignationPaper(
        name=holder.name,
        nationality=options_of("nationality", also=("JPN",)).get(holder.nationality)
        or Text(holder.nationality, holder.nationality),
        birth_date=holder.birth_date,
        sex=options_of("sex").get(holder.sex) if holder.sex else None,
        status_of_residence=next(row.name for row in STATUSES.rows if row.code == designation.status_of_residence),
        conditions=tuple(in_words(code, value, day) for code, value in in_order(designation.conditions)),
        receipt_number=application.receipt_number,
        office=OFFICES.get(day, application.office).name,
        made_at=designation.made_at,
        made_on=day,
    )


async def print_for_officer(work: Work, application_id: UUID) -> DesignationPrinted:
    """The paper for the office that has the case; the look is in the journal."""
    application, _ = await look_at_filed(work, application_id)
    return DesignationPrinted(paper=await paper_of(work.session, application))
