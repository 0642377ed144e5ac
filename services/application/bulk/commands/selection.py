"""One action on many applications of the caller: each succeeds or is refused by itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.application.bulk.schemas import Outcome, Outcomes
from services.application.filing.commands.attachments import attachments_checked, not_checked_yet
from services.application.filing.commands.drafts import put_documents
from services.application.filing.commands.ownership import delete_draft, hand_over
from services.application.filing.commands.saving import locked_draft
from services.application.filing.commands.withdrawal import take_back
from services.application.filing.domain.draft import Attachment
from services.application.filing.store import attachments_of, files_of, locked_of
from services.application.progress.schemas import words
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import NotFound, Problem
from shared.work import Work

Action = Callable[[Work, UUID], Awaitable[Any]]
LockedAction = Callable[[Work, Application], Awaitable[Any]]


async def withdraw_each(work: Work, ids: Sequence[UUID], reason: str) -> Outcomes:
    """Take filed applications back, for the same reason."""

    async def withdraw(work: Work, application: Application) -> None:
        take_back(work, application, reason)

    return await _each_locked(work, ids, withdraw)


async def delete_each(work: Work, ids: Sequence[UUID]) -> Outcomes:
    """Delete drafts."""
    return await _each_locked(work, ids, delete_draft)


async def hand_over_each(work: Work, ids: Sequence[UUID], account_id: UUID) -> Outcomes:
    """Put a colleague in charge of drafts."""
    return await _each(work, ids, lambda work, application_id: hand_over(work, application_id, account_id))


async def attach_to_each(work: Work, ids: Sequence[UUID], document_id: UUID, codes: Sequence[str]) -> Outcomes:
    """Attach the same document to drafts; where it is attached already nothing changes.

    Raises `Conflict` for a file that is not known yet, unlike a single draft: whether it fits into each depends on its
    size.
    """
    owner_id, roles = work.actor.owner_id, work.actor.roles
    assert owner_id is not None, "a person with a role has an id"
    if not any([await files_of(work.session, owner_id, role.value, [document_id]) for role in roles]):
        raise not_checked_yet()

    async def attach(work: Work, application_id: UUID) -> None:
        application = await locked_draft(work, application_id)
        attached = attachments_of(application.attachments)
        new = Attachment(document_id, tuple(dict.fromkeys(codes)))
        if new in attached:
            return
        together = [*(each for each in attached if each.document_id != document_id), new]
        await attachments_checked(
            work.session, application, application.photo_id, together, work.today, may_be_unknown=False
        )
        put_documents(work, application, application.photo_id, together)

    return await _each(work, ids, attach)


async def _each(work: Work, ids: Sequence[UUID], action: Action) -> Outcomes:
    found: dict[UUID, Problem] = {}
    # Two callers with the same selection lock its applications in the same order.
    for application_id in sorted(set(ids)):
        try:
            await work.attempt(action, application_id)
        except Problem as problem:
            found[application_id] = problem
    return _outcomes(ids, found)


async def _each_locked(work: Work, ids: Sequence[UUID], action: LockedAction) -> Outcomes:
    """The same for an action that refuses before it changes anything: all are locked by one statement and written by
    one, and none needs an attempt of its own."""
    found: dict[UUID, Problem] = {}
    locked = await locked_of(work.session, ids, Owner.of(work.actor))
    for application_id in sorted(set(ids)):
        try:
            if application_id not in locked:
                raise NotFound()
            await action(work, locked[application_id])
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
