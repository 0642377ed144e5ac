"""The person in charge of an application: taking over, handing over to a colleague; and deleting a draft."""

from collections.abc import Sequence
from uuid import UUID

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.commands.saving import locked_draft, require_draft, saved, touch
from services.application.filing.problems import already_in_charge, not_a_colleague, nothing_follows
from services.application.filing.schemas import Deleted, Saved
from services.application.progress.domain import GOING_ON, State
from services.application.progress.store import own
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import Invalid
from shared.events.application import ApplicationHandedOver
from shared.work import Work


async def hand_over(work: Work, application_id: UUID, account_id: UUID | None) -> Saved:
    """Put an account in charge of an application, the caller's own where none is named: reminders and news go there.

    Raises `Invalid` where it may not act for the organisation in the role in which the application was begun, and
    `Conflict` where the procedure is over or the account is in charge already.
    """
    application = await own(work.session, application_id, Owner.of(work.actor))
    new = account_id or work.actor.account_id
    assert new is not None, "a person with a role has an account"
    before = application.account_id
    put_in_charge(work, application, new, is_colleague=await acts_for(work, application, new))
    announce(work, [(application, before)])
    await work.session.flush()
    return await saved(work, application)


def put_in_charge(work: Work, application: Application, account_id: UUID, *, is_colleague: bool) -> None:
    """The same for an application of the caller that is locked. Raises before anything is changed.

    `announce` says it to others, once for all applications of a command.
    """
    is_draft = application.state == State.DRAFT
    if not is_draft and application.state not in GOING_ON:
        raise nothing_follows()
    if account_id == application.account_id:
        raise already_in_charge()
    if not is_colleague and account_id != work.actor.account_id:
        raise Invalid(fields=[not_a_colleague()], code="not-a-colleague")
    tag = Tag.TAKE_OVER if account_id == work.actor.account_id else Tag.HAND_OVER
    detail = {"from": application.account_id, "to": account_id}
    application.account_id = account_id
    if is_draft:
        touch(work, application, ())
    else:
        application.revision += 1
        application.updated_at = work.now
    work.journal("application", application.id, tag, detail)


def announce(work: Work, given: Sequence[tuple[Application, UUID]]) -> None:
    """Emit the events of the filed applications that are not with the account any more that stands beside each.

    One message to each person stands for all of them: to an account that they were with, and to the one that they are
    with now, for each role.
    """
    filed = [each for each in given if each[0].state != State.DRAFT and each[0].account_id != each[1]]
    left = _messages([(application, before) for application, before in filed])
    received = _messages([(application, application.account_id) for application, _ in filed])
    for application, before in filed:
        work.emit(
            ApplicationHandedOver(
                application_id=application.id,
                account_id=application.account_id,
                account_before=before,
                receipt_number=_number(application),
                handed_over_at=work.now,
                told_by_mail=application.id in left,
                together_with=left.get(application.id, ()),
                informs_account=application.id in received,
                account_together_with=received.get(application.id, ()),
            )
        )


def _messages(concerned: Sequence[tuple[Application, UUID]]) -> dict[UUID, tuple[str, ...]]:
    """The applications with a message, by id: the first of each account and role, with the numbers of the others."""
    together: dict[tuple[UUID, str], list[Application]] = {}
    for application, account_id in concerned:
        together.setdefault((account_id, application.role), []).append(application)
    return {first.id: tuple(map(_number, others)) for first, *others in together.values()}


def _number(application: Application) -> str:
    assert application.receipt_number is not None, "a filed application has a number"
    return application.receipt_number


async def acts_for(work: Work, application: Application, account_id: UUID) -> bool:
    """Whether an account acts for the organisation of an application in its role, today."""
    if application.organisation_id is None:
        return False
    of = (application.organisation_id, application.role)
    return await store.acts_for(work.session, *of, account_id, work.today)


async def delete(work: Work, application_id: UUID) -> Deleted:
    """Delete a draft with everything that was entered. Raises `Conflict` for what is filed: that can be withdrawn."""
    return await delete_draft(work, await locked_draft(work, application_id))


async def delete_draft(work: Work, application: Application) -> Deleted:
    """The same for an application of the caller that is locked. Raises before anything is changed."""
    require_draft(application)
    await work.session.delete(application)
    work.journal("application", application.id, Tag.DELETE_DRAFT)
    return Deleted(id=application.id, deleted_at=work.now)
