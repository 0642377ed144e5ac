"""The timeline of an application: this service's journal and what review told, merged."""

from typing import Any

from services.application import queries
from services.application.audit import Tag
from services.application.domain.state import STEPS
from services.application.store import Application
from services.application.views import Timeline, TimelineEntry, words
from shared.db import ReadSession

_OWN_STEPS = {
    Tag.BEGIN.value: "draft_begun",
    Tag.SUBMIT.value: "submitted",
    Tag.SUBMIT_DOCUMENTS.value: "documents_submitted",
    Tag.SEND_CARD_MATERIALS.value: "card_materials_sent",
    Tag.WITHDRAW.value: "withdrawn",
}


async def timeline_of(session: ReadSession, application: Application) -> Timeline:
    """What happened to `application`, oldest first."""
    lines = await queries.journal_lines(session, application.id, list(_OWN_STEPS))
    entries = [_entry(_OWN_STEPS[line.action], line.at, line.detail) for line in lines]
    entries += [_entry(row.step, row.at, row.data) for row in await queries.steps_of(session, application.id)]
    return Timeline(items=sorted(entries, key=lambda entry: entry.at))


def _entry(step: str, at: Any, data: dict[str, Any]) -> TimelineEntry:
    return TimelineEntry(step=step, text=words(STEPS[step]), at=at, data=data)
