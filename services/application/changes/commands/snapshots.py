"""The present facts of filed applications, for those who keep them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from services.application.changes import store
from services.application.filing.commands.submission import filed_facts
from services.application.filing.domain.person_keys import PersonKeys
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.domain import State
from shared.events.application import ApplicationSnapshot, ApplicationSnapshotAnnounced, ApplicationSnapshotPage
from shared.events.fields import Recipient
from shared.rebuilding import Source
from shared.work import Work


def applications(keys: PersonKeys) -> Source:
    """The filed applications, for the services that keep their facts."""

    async def page(work: Work, after: UUID | None, count: int) -> Sequence[ApplicationSnapshot]:
        rows = await store.filed_behind(work.session, after, count)
        ids = [row.id for row in rows]
        moved = await store.last_addresses(work.session, ids)
        submitted = await store.submitted_since_correction(work.session, ids)
        events = []
        for row in rows:
            version = form_of(row.form_version, row.combined_with)
            facts = filed_facts(row, version, Form(from_json(row.form)), keys)
            office, since = moved.get(row.id, (None, None))
            changes = {
                "document_ids": tuple(dict.fromkeys([*facts["document_ids"], *submitted.get(row.id, ())])),
                "address_office": office,
                "moved_on": since,
                "is_withdrawn": row.state == State.WITHDRAWN,
                "applicant": _applicant(work, row),
            }
            events.append(ApplicationSnapshot.model_validate(facts | changes))
        return events

    return Source("applications", ApplicationSnapshotPage, ApplicationSnapshotAnnounced, store.count_filed, page)


def _applicant(work: Work, row: Any) -> Recipient | None:
    if not row.notify_email:
        return None
    return Recipient.reading(row.notify_language, work.seal(row.notify_email))
