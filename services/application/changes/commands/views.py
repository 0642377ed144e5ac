"""Reading of what changed after filing, by the owner and by officers of the office, whose look is in the journal."""

import json
from itertools import pairwise
from uuid import UUID

from services.application.changes import store
from services.application.changes.commands.corrections import content_of
from services.application.changes.domain.content import Content, differences
from services.application.changes.domain.corrections import WHY_NOT, Way, way_to_correct
from services.application.changes.schemas import Address, Addresses, Corrections, CorrectionView, FieldChange
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.forms.form import FormVersion
from services.application.progress.commands.officer_reading import look_at_filed
from services.application.progress.domain import State
from services.application.progress.schemas import words
from services.application.tables import Application, CorrectionRequest, Progress
from shared.clock import legal_date
from shared.db import ReadSession
from shared.work import Work


async def look_at_corrections(work: Work, application_id: UUID) -> Corrections:
    """The corrections of an application, for an officer."""
    application, progress = await look_at_filed(work, application_id)
    return await corrections_of(work.session, application, progress)


async def look_at_addresses(work: Work, application_id: UUID) -> Addresses:
    """The addresses of an applicant, for an officer."""
    application, _ = await look_at_filed(work, application_id)
    return await addresses_of(work.session, application)


async def corrections_of(session: ReadSession, application: Application, progress: Progress | None) -> Corrections:
    """Every correction with what differs, oldest first, and how the application can be corrected now."""
    version = form_of(application.form_version, application.combined_with)
    versions = await store.versions_of(session, application.id)
    items = []
    for before, after in pairwise(versions):
        changes = _compared(version, content_of(before), content_of(after), application)
        items.append(
            CorrectionView(
                state="corrected",
                number=after.number,
                correction_id=None,
                reason=after.reason or "",
                at=after.made_at,
                changes=changes,
            )
        )
    # What an agreed one changed is its version. One that was not made is compared with what was there at the time.
    for request in await store.requests_of(session, application.id):
        if request.state != "agreed":
            before_it = [row for row in versions if row.made_at <= request.requested_at]
            before_content = content_of(before_it[-1] if before_it else application)
            items.append(_not_made(version, before_content, request, application))
    way = way_to_correct(application.state, progress.state if progress else None)
    return Corrections(
        possible=way.value,
        why_not=words(WHY_NOT[State(application.state)]) if way is Way.NOT else None,
        revision=application.revision,
        items=sorted(items, key=lambda item: item.at),
    )


def _not_made(
    version: FormVersion, before: Content, request: CorrectionRequest, application: Application
) -> CorrectionView:
    over = request.state == "waiting" and application.state != State.RECEIVED
    return CorrectionView.model_validate(
        {
            "state": "lapsed" if over else request.state,
            "number": None,
            "correction_id": request.id,
            "reason": request.reason,
            "at": request.requested_at,
            "changes": _compared(version, before, content_of(request), application),
        }
    )


def _compared(version: FormVersion, before: Content, after: Content, application: Application) -> list[FieldChange]:
    assert application.submitted_at is not None
    day = legal_date(application.submitted_at)
    return [FieldChange.of(found) for found in differences(version, before, after, day)]


async def addresses_of(session: ReadSession, application: Application) -> Addresses:
    """The address of the form, and those that were stated after filing."""
    filed = form_of(application.form_version, application.combined_with).fact(
        "address", Form(json.loads(application.form))
    )
    assert application.office is not None
    first = Address(
        postal_code=None,
        address=filed or "",
        office=application.office,
        lives_there_from=None,
        stated_at=None,
    )
    stated = [
        Address(
            postal_code=row.postal_code,
            address=row.address,
            office=row.office,
            lives_there_from=row.lives_there_from,
            stated_at=row.stated_at,
        )
        for row in await store.addresses_of(session, application.id)
    ]
    return Addresses(items=[first, *stated])
