"""Taking a draft over, and deleting one."""

from uuid import UUID

from services.application.audit import Tag
from services.application.filing.commands.saving import locked_draft, saved, touch
from services.application.filing.schemas import Deleted, Saved
from shared.work import Work


async def take_over(work: Work, application_id: UUID) -> Saved:
    """Put the caller in charge of a draft: reminders and news go to their account from now on."""
    application = await locked_draft(work, application_id)
    if application.account_id != work.actor.account_id:
        assert work.actor.account_id is not None, "a person with a role has an account"
        application.account_id = work.actor.account_id
        touch(work, application, ())
        work.journal("application", application.id, Tag.TAKE_OVER)
        await work.session.flush()
    return await saved(work, application)


async def delete(work: Work, application_id: UUID) -> Deleted:
    """Delete a draft with everything that was entered. Raises `Conflict` for what is filed: that can be withdrawn."""
    application = await locked_draft(work, application_id)
    await work.session.delete(application)
    work.journal("application", application_id, Tag.DELETE_DRAFT)
    return Deleted(id=application_id, deleted_at=work.now)
