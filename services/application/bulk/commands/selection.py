"""One action on many applications of the caller: each succeeds or is refused by itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from services.application.bulk.schemas import Outcome, Outcomes
from services.application.filing.commands.attachments import known_files, not_checked_yet, require_usable
from services.application.filing.commands.drafts import put_documents
from services.application.filing.commands.ownership import acts_for, announce, delete_draft, put_in_charge
from services.application.filing.commands.saving import require_draft
from services.application.filing.commands.withdrawal import take_back
from services.application.filing.domain.draft import Attachment
from services.application.filing.store import attachments_of, files_of, locked_of
from services.application.progress.schemas import words
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import NotFound, Problem
from shared.work import Work

Action = Callable[[Application], Awaitable[None]]


async def withdraw_each(work: Work, ids: Sequence[UUID], reason: str) -> Outcomes:
    """Take filed applications back, for the same reason."""

    async def withdraw(application: Application) -> None:
        take_back(work, application, reason)

    return await _each(ids, await _locked(work, ids), withdraw)


async def delete_each(work: Work, ids: Sequence[UUID]) -> Outcomes:
    """Delete drafts."""

    async def delete(application: Application) -> None:
        await delete_draft(work, application)

    return await _each(ids, await _locked(work, ids), delete)


async def hand_over_each(work: Work, ids: Sequence[UUID], account_id: UUID) -> Outcomes:
    """Put a colleague in charge of applications. Whether the account may be is asked once for each role."""
    known: dict[str, bool] = {}
    locked = await _locked(work, ids)
    before = {application.id: application.account_id for application in locked.values()}

    async def give(application: Application) -> None:
        if application.role not in known:
            known[application.role] = await acts_for(work, application, account_id)
        put_in_charge(work, application, account_id, is_colleague=known[application.role])

    outcomes = await _each(ids, locked, give)
    announce(work, [(application, before[application.id]) for application in locked.values()])
    return outcomes


async def attach_to_each(work: Work, ids: Sequence[UUID], document_id: UUID, codes: Sequence[str]) -> Outcomes:
    """Attach the same document to drafts; where it is attached already nothing changes.

    Raises `Conflict` for a file that is not known yet, unlike a single draft: whether it fits into each depends on its
    size.
    """
    owner = Owner.of(work.actor)
    if not any([await files_of(work.session, owner.id, role, [document_id]) for role in owner.role_codes]):
        raise not_checked_yet()
    locked = await _locked(work, ids)
    files = await known_files(work.session, owner.id, locked.values(), [document_id])

    async def attach(application: Application) -> None:
        require_draft(application)
        attached = attachments_of(application.attachments)
        new = Attachment(document_id, tuple(dict.fromkeys(codes)))
        if new in attached:
            return
        together = [*(each for each in attached if each.document_id != document_id), new]
        require_usable(application.photo_id, together, files[application.role], work.today, may_be_unknown=False)
        put_documents(work, application, application.photo_id, together)

    return await _each(ids, locked, attach)


async def _locked(work: Work, ids: Sequence[UUID]) -> Mapping[UUID, Application]:
    """The caller's applications, locked by one statement in the order of their ids, as another caller with the same
    selection locks them."""
    return await locked_of(work.session, ids, Owner.of(work.actor))


async def _each(ids: Sequence[UUID], locked: Mapping[UUID, Application], action: Action) -> Outcomes:
    """Act on each. An action refuses before it changes anything, so that none needs an attempt of its own, and all are
    written together."""
    found: dict[UUID, Problem] = {}
    for application_id in sorted(set(ids)):
        try:
            if application_id not in locked:
                raise NotFound()
            await action(locked[application_id])
        except Problem as problem:
            found[application_id] = problem
    return _outcomes(ids, found)


def _outcomes(ids: Sequence[UUID], refused: Mapping[UUID, Problem]) -> Outcomes:
    items = [_outcome(application_id, refused.get(application_id)) for application_id in dict.fromkeys(ids)]
    return Outcomes(done=sum(item.done for item in items), items=items)


def _outcome(application_id: UUID, problem: Problem | None) -> Outcome:
    if problem is None:
        return Outcome(id=application_id, done=True)
    message = words(problem.fields[0].message if problem.fields else problem.detail or problem.title)
    return Outcome(id=application_id, done=False, code=problem.code, message=message)
