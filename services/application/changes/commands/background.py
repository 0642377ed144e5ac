"""Background of an application for officers: hints, earlier applications of the person, the organisation's record; and
the whole file of it beside a case."""

from uuid import UUID

from services.application.audit import Tag
from services.application.changes import store
from services.application.changes.commands.corrections import content_of
from services.application.changes.commands.requested_documents import requested_documents_of
from services.application.changes.commands.views import corrections_of
from services.application.changes.domain.background import Earlier, hints_of
from services.application.changes.schemas import Background, CaseFile, EarlierView, HintView, OrganisationRecord
from services.application.filing.store import dossier
from services.application.forms.catalogue import form_of
from services.application.progress.commands.officer_reading import look_at_filed
from services.application.progress.schemas import shown_state, viewed, words
from services.application.progress.store import handling_office
from services.application.tables import Application, Progress
from shared.auth import Owner, Record, Role, sees
from shared.reference.case_states import applicants_state
from shared.work import Work


async def look_at_background(work: Work, application_id: UUID) -> Background:
    """Hints, earlier applications and the organisation's record, for an officer."""
    return await background_of(work, *await look_at_filed(work, application_id))


async def look_at_case_file(work: Work, application_id: UUID) -> CaseFile:
    """Everything that stands beside a case, for an officer: one look, with one line in the journal."""
    application, progress = await look_at_filed(work, application_id)
    return CaseFile(
        application=viewed(application, progress, work.actor),
        corrections=await corrections_of(work.session, application, progress),
        requested=await requested_documents_of(work.session, application, progress, work.today),
        background=await background_of(work, application, progress),
    )


async def background_of(work: Work, application: Application, progress: Progress | None) -> Background:
    """The background of an application that the actor looks at.

    Of an application of another office its number, kind, office and outcome are shown alone; one whose answers are
    compared is looked at, too, and the journal says so.
    """
    assert application.legal_date is not None, "a filed application has its day"
    owner = Owner(application.owner_id, frozenset({Role(application.role)}))
    found = await dossier(work.session, application.id, owner, application.account_id, application.legal_date)
    may_compare = sees(work.actor, Record.SAME_PERSON, handling_office(application, progress))
    rows = await store.earlier_of(work.session, application) if may_compare else []
    compared = [row for row, its in rows if sees(work.actor, Record.APPLICATION, handling_office(row, its))]
    for row in compared:
        work.journal("application", row.id, Tag.READ, {"beside": application.id})
    return Background(
        hints=[
            HintView.of(hint)
            for hint in hints_of(found.draft(), [_earlier(row) for row in compared], application.legal_date, work.today)
        ],
        earlier=[_view(row, its, row in compared) for row, its in rows],
        organisation=await _record(work, application),
    )


def _earlier(row: Application) -> Earlier:
    return Earlier(row.receipt_number or "", form_of(row.form_version, row.combined_with), content_of(row))


def _view(row: Application, progress: Progress | None, is_own: bool) -> EarlierView:
    state = shown_state(row, progress)
    return EarlierView(
        application_id=row.id if is_own else None,
        receipt_number=row.receipt_number or "",
        office=handling_office(row, progress) or "",
        procedure=row.procedure,
        status_of_residence=row.status_of_residence,
        submitted_at=row.submitted_at,
        state=state.value,
        state_text=words(applicants_state(state, row.procedure)),
    )


async def _record(work: Work, application: Application) -> OrganisationRecord | None:
    if application.organisation_id is None:
        return None
    counts = await store.outcomes_of(work.session, application.organisation_id)
    return OrganisationRecord(
        organisation_id=application.organisation_id,
        category=application.category,
        filed=sum(counts.values()),
        granted=counts.get("granted", 0),
        refused=counts.get("refused", 0) + counts.get("not_accepted", 0),
        open=counts.get("received", 0),
        other=counts.get("withdrawn", 0) + counts.get("terminated", 0),
    )
