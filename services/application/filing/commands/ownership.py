"""The person in charge of a draft: taking over, handing over to a colleague; and deleting a draft."""

from uuid import UUID

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.commands.saving import locked_draft, require_draft, saved, touch
from services.application.filing.problems import not_a_colleague
from services.application.filing.schemas import Deleted, Saved
from services.application.tables import Application
from shared.errors import Invalid
from shared.work import Work


async def hand_over(work: Work, application_id: UUID, account_id: UUID | None) -> Saved:
    """Put an account in charge of a draft, the caller's own where none is named: reminders and news go there.

    Raises `Invalid` where it may not act for the organisation in the role in which the draft was begun.
    """
    application = await locked_draft(work, application_id)
    new = account_id or work.actor.account_id
    assert new is not None, "a person with a role has an account"
    put_in_charge(work, application, new, is_colleague=await acts_for(work, application, new))
    await work.session.flush()
    return await saved(work, application)


def put_in_charge(work: Work, application: Application, account_id: UUID, *, is_colleague: bool) -> None:
    """The same for an application of the caller that is locked. Raises before anything is changed."""
    require_draft(application)
    if not is_colleague and account_id not in (work.actor.account_id, application.account_id):
        raise Invalid(fields=[not_a_colleague()], code="not-a-colleague")
    if account_id != application.account_id:
        tag, detail = (
            (Tag.TAKE_OVER, {}) if account_id == work.actor.account_id else (Tag.HAND_OVER, {"to": account_id})
        )
        application.account_id = account_id
        touch(work, application, ())
        work.journal("application", application.id, tag, detail)


async def acts_for(work: Work, application: Application, account_id: UUID) -> bool:
    """Whether an account acts for the organisation of an application in its role."""
    if application.organisation_id is None:
        return False
    return await store.acts_for(work.session, application.organisation_id, application.role, account_id)


async def delete(work: Work, application_id: UUID) -> Deleted:
    """Delete a draft with everything that was entered. Raises `Conflict` for what is filed: that can be withdrawn."""
    return await delete_draft(work, await locked_draft(work, application_id))


async def delete_draft(work: Work, application: Application) -> Deleted:
    """The same for an application of the caller that is locked. Raises before anything is changed."""
    require_draft(application)
    await work.session.delete(application)
    work.journal("application", application.id, Tag.DELETE_DRAFT)
    return Deleted(id=application.id, deleted_at=work.now)
