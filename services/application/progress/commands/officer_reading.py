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
    if not sees(work.actor, Record.APPLICATION, handling_office(application, progress)):
        raise NotFound()
    work.journal("application", application_id, Tag.READ)
    return application, progress


def handling_office(application: Application, progress: Progress | None) -> str | None:
    """The office that has the case: the one review reported last, else the one it was filed with."""
    return (progress.office if progress else None) or application.office
