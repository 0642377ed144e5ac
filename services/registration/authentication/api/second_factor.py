"""One's own second factor."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from services.registration.authentication.commands import second_factor
from services.registration.http.context import CurrentContext, SecretMark
from services.registration.http.fields import Input, TypedCode
from shared.auth import Actor, permit

router = APIRouter(tags=["second factor"])
Owner = Annotated[Actor, permit(kinds=("person", "officer"))]
# Also an officer who has no second factor yet.
Enrolling = Annotated[Actor, permit(kinds=("person", "officer"), enrolling=True)]


class Confirmation(Input):
    """A code that the app shows now."""

    code: TypedCode = Field(examples=["123456"])


@router.get("/v1/accounts/me/second-factor", dependencies=[permit(in_person=True, enrolling=True)])
async def second_factor_of_mine(caller: Enrolling, context: CurrentContext) -> second_factor.SecondFactorView:
    """The account's means of signing in, and of proving again who its owner is."""
    async with context.db.read() as session:
        return await second_factor.view(session, caller, context.clock.now())


@router.post("/v1/accounts/me/second-factor/totp", status_code=201)
async def begin_totp(caller: Enrolling, mark: SecretMark, context: CurrentContext) -> second_factor.EnrolmentBegun:
    """Begin to set up an authenticator app. It counts once it is confirmed; each call makes a new key."""
    return await context.commands.run(caller, mark, lambda work: second_factor.begin_totp(work, context))


@router.post("/v1/accounts/me/second-factor/totp/confirm")
async def confirm_totp(
    body: Confirmation, caller: Enrolling, mark: SecretMark, context: CurrentContext
) -> second_factor.RecoveryCodes:
    """Put the app in force with one of its codes. The answer holds the recovery codes, this once."""
    return await context.commands.run(caller, mark, lambda work: second_factor.confirm_totp(work, context, body.code))


@router.delete("/v1/accounts/me/second-factor/totp", status_code=204)
async def remove_totp(caller: Owner, mark: SecretMark, context: CurrentContext) -> None:
    """Take the app away. 409 `second-factor-needed` for officers, who may set up another in its place."""
    await context.commands.run(caller, mark, lambda work: second_factor.remove_totp(work, context))


@router.post("/v1/accounts/me/recovery-codes", status_code=201)
async def renew_recovery_codes(caller: Owner, mark: SecretMark, context: CurrentContext) -> second_factor.RecoveryCodes:
    """Ten new recovery codes in place of those before."""
    return await context.commands.run(caller, mark, lambda work: second_factor.renew_recovery_codes(work, context))
