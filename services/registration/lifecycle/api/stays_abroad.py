"""One's own stay abroad: until when the site can be used from there."""

from fastapi import APIRouter
from pydantic import Field

from services.registration.accounts.store import accounts
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Day, Input
from services.registration.lifecycle.commands import stays_abroad
from services.registration.lifecycle.schemas.stays_abroad import StayAbroad
from shared.auth import Caller, permit
from shared.errors import NotFound
from shared.http import refusals
from shared.http.commands import OnceIfKeyed

router = APIRouter(tags=["accounts"])
_PATH = "/v1/accounts/me/stay-abroad"
_FRESH = permit(kinds=("person",), in_person=True, fresh=True)


class StayInput(Input):
    """The last day abroad."""

    until: Day = Field(examples=["2026-12-20"])


@router.get(_PATH, dependencies=[permit(kinds=("person",), in_person=True)])
async def read_stay(caller: Caller, context: CurrentContext) -> StayAbroad:
    """My stay abroad, and how far ahead one can be registered."""
    async with context.db.read() as session:
        account = caller.id and await accounts.account(session, caller.id)
    if not account:
        raise NotFound()
    return stays_abroad.view(account.abroad_until, context.clock.now())


@router.put(_PATH, responses=refusals(403), dependencies=[_FRESH])
async def register_stay(body: StayInput, once: OnceIfKeyed) -> StayAbroad:
    """Use the site from abroad until the end of a day (Japan).

    Needs a recent proof of identity (`step-up-required`).
    """
    return await once(stays_abroad.register, body.until)


@router.delete(_PATH, dependencies=[permit(kinds=("person",), in_person=True)])
async def end_stay(once: OnceIfKeyed) -> StayAbroad:
    """End my stay abroad."""
    return await once(stays_abroad.end)
