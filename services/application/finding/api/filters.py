"""Routes of saved filters."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.application.finding.commands import filters
from services.application.finding.schemas.filters import FilterBody, ShownFilter, ShownFilters
from services.application.finding.store.filters import filters_of, one_filter
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit
from shared.http import IfMatch, etag, expect, refusals
from shared.http.commands import EachTime, Once, OnceIfKeyed
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
router = APIRouter(prefix="/v1/filters", tags=["lists"])


@router.get("")
async def list_filters(runtime: CurrentRuntime, actor: Applicant) -> ShownFilters:
    """The caller's own filters and those that the organisation shares."""
    assert actor.account_id is not None
    async with runtime.db.read() as session:
        kept = await filters_of(session, Owner.of(actor), actor.account_id)
    return ShownFilters(items=[ShownFilter.of(each, actor) for each in kept])


@router.post("", status_code=201, responses=refusals(409))
async def save(actor: Applicant, body: FilterBody, response: Response, once: Once) -> ShownFilter:
    """Keep the conditions of a list under a name."""
    return _tagged(await once(filters.save, body), response)


@router.get("/{filter_id}")
async def read(runtime: CurrentRuntime, actor: Applicant, filter_id: UUID, response: Response) -> ShownFilter:
    """One filter."""
    assert actor.account_id is not None
    async with runtime.db.read() as session:
        kept = await one_filter(session, filter_id, Owner.of(actor), actor.account_id)
    return _tagged(ShownFilter.of(kept, actor), response)


@router.put("/{filter_id}", responses=refusals(409))
async def change(
    actor: Applicant,
    filter_id: UUID,
    body: FilterBody,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> ShownFilter:
    """Replace a filter. A shared one that is shared no more belongs to the caller."""
    return _tagged(await run(filters.change, filter_id, lambda r: expect(r, if_match), body), response)


@router.delete("/{filter_id}", status_code=204)
async def delete(actor: Applicant, filter_id: UUID, once: OnceIfKeyed) -> None:
    """Delete a filter, for everybody where it is shared."""
    await once(filters.delete, filter_id)


def _tagged(shown: ShownFilter, response: Response) -> ShownFilter:
    response.headers["ETag"] = etag(shown.revision)
    return shown
