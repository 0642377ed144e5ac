"""Saving, changing and deleting a filter. What is shared belongs to the organisation: colleagues may change it too."""

from collections.abc import Callable
from uuid import UUID

from services.application.audit import Tag
from services.application.finding.domain.filters import MOST_FILTERS
from services.application.finding.problems import too_many_filters
from services.application.finding.schemas.filters import Deleted, FilterBody, ShownFilter
from services.application.finding.store import filters
from services.application.tables import SavedFilter
from shared.auth import Owner, Role
from shared.events.registration import AccountClosed
from shared.ids import new_id
from shared.work import Work


async def save(work: Work, body: FilterBody) -> ShownFilter:
    """Keep a filter. Raises `Conflict` where the account keeps as many as it can."""
    owner, account_id = Owner.of(work.actor), _account(work)
    await _refuse_too_many(work, account_id)
    kept = SavedFilter(
        id=new_id(),
        owner_id=owner.id,
        account_id=account_id,
        # With several roles the organisation's goes before the person's own: that is the order of `Role`.
        role=next(role.value for role in Role if role in owner.roles),
        name=body.name,
        query=body.kept_query(),
        shared=body.shared,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(kept)
    work.journal("saved_filter", kept.id, Tag.SAVE_FILTER)
    return ShownFilter.of(kept, work.actor)


async def change(work: Work, filter_id: UUID, expected: Callable[[int], None], body: FilterBody) -> ShownFilter:
    """Replace a filter. `expected` raises where the caller has read an older revision."""
    account_id = _account(work)
    kept = await filters.locked_filter(work.session, filter_id, Owner.of(work.actor), account_id)
    expected(kept.revision)
    if kept.account_id != account_id:
        await _refuse_too_many(work, account_id)
    kept.account_id = account_id
    kept.name, kept.query, kept.shared = body.name, body.kept_query(), body.shared
    kept.revision += 1
    kept.updated_at = work.now
    work.journal("saved_filter", kept.id, Tag.SAVE_FILTER)
    return ShownFilter.of(kept, work.actor)


async def delete(work: Work, filter_id: UUID) -> Deleted:
    """Delete a filter."""
    kept = await filters.locked_filter(work.session, filter_id, Owner.of(work.actor), _account(work))
    await _delete(work, kept)
    return Deleted(id=filter_id)


async def on_account_closed(work: Work, event: AccountClosed) -> None:
    """Delete the filters that nobody else sees: their words are of people."""
    for kept in await filters.private_filters(work.session, event.account_id):
        await _delete(work, kept)


async def _delete(work: Work, kept: SavedFilter) -> None:
    await work.session.delete(kept)
    work.journal("saved_filter", kept.id, Tag.DELETE_FILTER)


async def _refuse_too_many(work: Work, account_id: UUID) -> None:
    if await filters.count_filters(work.session, account_id) >= MOST_FILTERS:
        raise too_many_filters()


def _account(work: Work) -> UUID:
    assert work.actor.account_id is not None, "a person with a role has an account"
    return work.actor.account_id
