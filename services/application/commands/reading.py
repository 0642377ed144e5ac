"""An officer's look at an application: it is personal data, so the look is in the journal."""

from uuid import UUID

from services.application import queries
from services.application.audit import Tag
from services.application.views import ApplicationView, viewed
from shared.work import Work


async def read_filed(work: Work, application_id: UUID) -> ApplicationView:
    """A filed application, and the journal line of who looked. Raises `NotFound` for drafts."""
    application, progress = await queries.filed(work.session, application_id)
    work.enter("application", application_id, Tag.READ)
    return viewed(application, progress)
