"""The person in charge of a draft: taking over, handing over to a colleague; and deleting a draft."""

from collections.abc import Sequence
from uuid import UUID

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.commands.saving import locked_draft, saved, touch
from services.application.filing.problems import not_a_colleague, not_to_hand_over
from services.application.filing.schemas import Deleted, HandedOver, Saved
from services.application.progress.domain import State
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import Invalid
from shared.work import Work


async def hand_over(work: Work, application_id: UUID, account_id: UUID | None) -> Saved:
    """Put an account in charge of a draft, the caller's own where none is named: reminders and news go there.

    Raises `Invalid` where it may not act for the organisation in the role in which the draft was begun.
    """
    application = await locked_draft(work, application_id)
    new = account_id or work.actor.account_id
    assert new is not None, "a person with a role has an account"
    if not await _may_have(work, application, new):
        raise Invalid(fields=[not_a_colleague()], code="not-a-colleague")
    _put_in_charge(work, application, new)
    await work.session.flush()
    return await saved(work, application)


async def hand_over_several(work: Work, account_id: UUID, application_ids: Sequence[UUID]) -> HandedOver:
    """Put an account in charge of several drafts: of all of them, or of none.

    Raises `Invalid` with every draft that is not there, or is filed, or that the account may not have.
    """
    found = await store.locked_of(work.session, application_ids, Owner.of(work.actor))
    problems = []
    for place, application_id in enumerate(application_ids):
        application = found.get(application_id)
        if application is None or application.state != State.DRAFT:
            problems.append(not_to_hand_over(place, application.receipt_number if application else None))
        elif not await _may_have(work, application, account_id):
            raise Invalid(fields=[not_a_colleague()], code="not-a-colleague")
    if problems:
        raise Invalid(fields=problems, code="not-handed-over")
    changed = [application for application in found.values() if _put_in_charge(work, application, account_id)]
    await work.session.flush()
    return HandedOver(account_id=account_id, handed_over=len(found), changed=len(changed))


async def _may_have(work: Work, application: Application, account_id: UUID) -> bool:
    """Whether an account may be in charge: the caller's own, or one that acts for the organisation in its role."""
    if account_id in (work.actor.account_id, application.account_id):
        return True
    if application.organisation_id is None:
        return False
    return await store.acts_for(work.session, application.organisation_id, application.role, account_id)


def _put_in_charge(work: Work, application: Application, account_id: UUID) -> bool:
    if application.account_id == account_id:
        return False
    tag, detail = Tag.TAKE_OVER, {}
    if account_id != work.actor.account_id:
        tag, detail = Tag.HAND_OVER, {"to": account_id}
    application.account_id = account_id
    touch(work, application, ())
    work.journal("application", application.id, tag, detail)
    return True


async def delete(work: Work, application_id: UUID) -> Deleted:
    """Delete a draft with everything that was entered. Raises `Conflict` for what is filed: that can be withdrawn."""
    application = await locked_draft(work, application_id)
    await work.session.delete(application)
    work.journal("application", application_id, Tag.DELETE_DRAFT)
    return Deleted(id=application_id, deleted_at=work.now)
