"""Setting a password with a one-time link, and asking for a new link."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, model_validator

from services.registration.accounts.schemas.answers import Accepted
from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.authentication.commands import password_links
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import LINK_ADDRESS, RESET_ADDRESS
from services.registration.authentication.schemas.password_links import OpenLink
from services.registration.http.context import CallerAddress, CurrentContext, SecretMark
from services.registration.http.fields import Input, TypedLoginId, TypedPassword, TypedReceiptNumber
from services.registration.lifecycle.commands import own_account, password_resets, passwords
from services.registration.lifecycle.schemas.passwords import PasswordSet
from shared.auth import Actor, permit, public
from shared.errors import Text
from shared.http import refusals
from shared.text.typed import rule

router = APIRouter(tags=["passwords"])


class NewPassword(Input):
    """The password to set: 12 to 128 characters of any kind."""

    password: TypedPassword = Field(examples=["midori no tsukue to kumo"])


class ChangedPassword(NewPassword):
    """The new password, and the present one, unless the session was proved again recently."""

    present_password: TypedPassword | None = Field(None, examples=["seven quiet umbrellas dry"])


class ResetInput(Input):
    """The account: by login id; before the first password by the receipt number of the usage registration."""

    login_id: TypedLoginId | None = Field(None, examples=["ZR-7K3M-9QXT"])
    receipt_number: TypedReceiptNumber | None = Field(None, examples=["東利申26-000123-5"])

    @model_validator(mode="after")
    def _one_of_them(self) -> "ResetInput":
        if (self.login_id is None) == (self.receipt_number is None):
            raise rule(
                "one-of-them",
                Text("認証IDか受付番号のどちらかを入力してください", "Give either the login id or the receipt number"),
            )
        return self


@router.get("/v1/password-links/{token}", dependencies=[public])
async def look_at_link(
    token: Annotated[str, Path(max_length=100)], context: CurrentContext, address: CallerAddress
) -> OpenLink:
    """Whether the link of a mail can still be used; 404 `link-not-valid` otherwise. Looking uses nothing up."""
    await admit(context, "link:address", address, LINK_ADDRESS)
    return await password_links.look(context, token)


@router.post("/v1/password-links/{token}", dependencies=[public])
async def set_password(
    token: Annotated[str, Path(max_length=100)],
    body: NewPassword,
    mark: SecretMark,
    context: CurrentAuthentication,
    address: CallerAddress,
) -> PasswordSet:
    """Set the password with the link of a mail. The link works once; the answer names the login id."""
    await admit(context, "link:address", address, LINK_ADDRESS)
    return await passwords.set_password(context, mark, token, body.password)


@router.post("/v1/accounts/me/password", status_code=204, responses=refusals(429))
async def change_password(
    body: ChangedPassword,
    caller: Annotated[Actor, permit(kinds=("person", "officer"))],
    mark: SecretMark,
    context: CurrentAuthentication,
) -> None:
    """Change one's own password, or set the first one; every other session ends.

    403 `step-up-required`: `POST /v1/sessions/step-up` first, or give the present password where there is no second
    factor. 403 `password-not-right` where it is another one.
    """
    await own_account.change_password(context, caller, mark, body.password, body.present_password)


@router.post("/v1/password-resets", status_code=202, dependencies=[public])
async def ask_for_reset(body: ResetInput, context: CurrentContext, address: CallerAddress) -> Accepted:
    """Ask for a link by mail. The answer is the same whether the account exists or not."""
    await admit(context, "reset:address", address, RESET_ADDRESS)
    await password_resets.ask(context, login_id=body.login_id, receipt_number=body.receipt_number, address=address)
    return Accepted(status="accepted")
