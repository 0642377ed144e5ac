"""The timeline of an application: this service's journal and the steps of review, merged."""

from typing import Any

from services.application.audit import Tag
from services.application.progress import store
from services.application.progress.domain import ProgressStep, wording_of
from services.application.progress.schemas import Timeline, TimelineEntry, words
from services.application.tables import Application
from shared.db import ReadSession

OWN_STEPS = {
    Tag.BEGIN.value: ProgressStep.DRAFT_BEGUN,
    Tag.SUBMIT.value: ProgressStep.SUBMITTED,
    Tag.SUBMIT_DOCUMENTS.value: ProgressStep.DOCUMENTS_SUBMITTED,
    Tag.ASK_MORE_TIME.value: ProgressStep.MORE_TIME_ASKED,
    Tag.SEND_CARD_MATERIALS.value: ProgressStep.CARD_MATERIALS_SENT,
    Tag.WITHDRAW.value: ProgressStep.WITHDRAWN,
    Tag.TAKE_OVER.value: ProgressStep.HANDED_OVER,
    Tag.HAND_OVER.value: ProgressStep.HANDED_OVER,
    Tag.CORRECT.value: ProgressStep.CORRECTED,
    Tag.REQUEST_CORRECTION.value: ProgressStep.CORRECTION_REQUESTED,
    Tag.CHANGE_CONTACT.value: ProgressStep.CONTACT_CHANGED,
    Tag.CHANGE_ADDRESS.value: ProgressStep.ADDRESS_CHANGED,
    Tag.ACKNOWLEDGE_CERTIFICATE.value: ProgressStep.CERTIFICATE_RECEIVED,
}


async def timeline_of(session: ReadSession, application: Application) -> Timeline:
    """The steps of `application`, oldest first."""
    lines = await store.journal_lines(session, application.id, list(OWN_STEPS))
    entries = [_entry(OWN_STEPS[line.action], line.at, line.detail) for line in lines]
    entries += [_entry(row.step, row.at, row.data) for row in await store.steps_of(session, application.id)]
    return Timeline(items=sorted(entries, key=lambda entry: entry.at))


def _entry(step: str, at: Any, data: dict[str, Any]) -> TimelineEntry:
    return TimelineEntry(step=step, text=words(wording_of(step)), at=at, data=data)
