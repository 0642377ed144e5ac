"""An officer's look at an application: it is personal data, so the look is in the journal."""

from uuid import UUID

from services.application.audit import Tag
from services.application.progress import store
from services.application.progress.schemas import ApplicationView, viewed
from services.application.tables import Application, Progress
from shared.auth import Record, sees
from shared.errors import NotFound
from shared.work import Work


async def read_filed(work: Work, application_id: UUID) -> ApplicationView:
    """A filed application as the officer's office has it."""
    return viewed(*await look_at_filed(work, application_id), work.actor)


async def look_at_filed(work: Work, application_id: UUID) -> tuple[Application, Progress | None]:
    """A filed application, and the journal line of who looked. Raises `NotFound` for drafts and other offices'."""
    application, progress = await store.filed(work.session, application_id)
    if not sees(work.actor, Record.APPLICATION, store.handling_office(application, progress)):
        raise NotFound()
    work.journal("application", application_id, Tag.READ)
    return application, progress
