"""One's own second factor."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from services.registration.authentication.commands import second_factor
from services.registration.authentication.schemas.second_factor import EnrolmentBegun, RecoveryCodes, SecondFactorView
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input, TypedCode
from services.registration.http.runners import WithSecret
from shared.auth import Actor, permit
from shared.http.commands import OnceIfKeyed

router = APIRouter(tags=["second factor"])
Owner = Annotated[Actor, permit(kinds=("person", "officer"))]
# Also an officer who has no second factor yet.
Enrolling = Annotated[Actor, permit(kinds=("person", "officer"), enrolling=True)]


class Confirmation(Input):
    """A code that the app shows now."""

    code: TypedCode = Field(examples=["123456"])


@router.get("/v1/accounts/me/second-factor", dependencies=[permit(in_person=True, enrolling=True)])
async def second_factor_of_mine(caller: Enrolling, context: CurrentContext) -> SecondFactorView:
    """The account's means of signing in, and of proving again who its owner is."""
    async with context.db.read() as session:
        return await second_factor.view(session, caller, context.clock.now())


@router.post("/v1/accounts/me/second-factor/totp", status_code=201)
async def begin_totp(caller: Enrolling, run: WithSecret, context: CurrentContext) -> EnrolmentBegun:
    """Begin to set up an authenticator app. It counts once it is confirmed; each call makes a new key."""
    return await run(second_factor.begin_totp, context)


@router.post("/v1/accounts/me/second-factor/totp/confirm")
async def confirm_totp(
    body: Confirmation, caller: Enrolling, run: WithSecret, context: CurrentContext
) -> RecoveryCodes:
    """Put the app in force with one of its codes. The answer holds the recovery codes, this once."""
    return await run(second_factor.confirm_totp, context, body.code)


@router.delete("/v1/accounts/me/second-factor/totp", status_code=204)
async def remove_totp(caller: Owner, once: OnceIfKeyed, context: CurrentContext) -> None:
    """Take the app away. 409 `second-factor-needed` for officers, who may set up another in its place."""
    await once(second_factor.remove_totp, context)


@router.post("/v1/accounts/me/recovery-codes", status_code=201)
async def renew_recovery_codes(caller: Owner, run: WithSecret, context: CurrentContext) -> RecoveryCodes:
    """Ten new recovery codes in place of those before."""
    return await run(second_factor.renew_recovery_codes, context)
