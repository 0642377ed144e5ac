"""Changing one's own mail address and password; asking for a forgotten login id."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, model_validator

from services.registration.accounts.schemas.answers import Accepted
from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.authentication.commands import login_id_reminders
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import LINK_ADDRESS, RESET_ADDRESS
from services.registration.authentication.schemas.password_links import OpenLink
from services.registration.http.context import CallerAddress, CurrentContext, SecretMark
from services.registration.http.fields import Email, Input, TypedPassword
from services.registration.officers.commands import email_changes
from shared.auth import Actor, permit, public
from shared.errors import Text
from shared.http import refusals
from shared.text.typed import rule

router = APIRouter(tags=["own account"])
Person = Annotated[Actor, permit(kinds=("person",))]
SomebodySignedIn = Annotated[Actor, permit(kinds=("person", "officer"))]


class OwnEmailInput(Input):
    """The new address, typed twice, and the password, unless the session was proved again recently."""

    email: Email = Field(examples=["hanako@example.jp"])
    email_again: Email = Field(examples=["hanako@example.jp"])
    password: TypedPassword | None = Field(None, examples=["midori no tsukue to kumo"])

    @model_validator(mode="after")
    def _the_same(self) -> "OwnEmailInput":
        if self.email != self.email_again:
            raise rule("email-differs", Text("2つのメールアドレスが一致しません", "The two addresses differ"))
        return self


class ForgottenInput(Input):
    """The mail address that was registered."""

    email: Email = Field(examples=["hanako@example.co.jp"])


class Changed(BaseModel):
    """It was changed."""

    status: str = Field("changed", examples=["changed"])


@router.post("/v1/accounts/me/email", status_code=202, responses=refusals(429))
async def ask_for_email(
    body: OwnEmailInput, caller: Person, mark: SecretMark, context: CurrentAuthentication
) -> Accepted:
    """Change the email address: it changes when the link that goes to the new address is used.

    403 `step-up-required`: `POST /v1/sessions/step-up` first, or give the password where there is no second factor.
    """
    await email_changes.ask(context, caller, mark, body.email, body.password)
    return Accepted(status="accepted")


@router.get("/v1/email-links/{token}", dependencies=[public])
async def look_at_email_link(
    token: Annotated[str, Path(max_length=100)], context: CurrentContext, address: CallerAddress
) -> OpenLink:
    """Whether the link of the mail can still be used; 404 `link-not-valid` otherwise. Looking uses nothing up."""
    await admit(context, "link:address", address, LINK_ADDRESS)
    return await email_changes.look(context, token)


@router.post("/v1/email-links/{token}", dependencies=[public], responses=refusals(409))
async def confirm_email(
    token: Annotated[str, Path(max_length=100)], mark: SecretMark, context: CurrentContext, address: CallerAddress
) -> Changed:
    """Confirm the new address with the link of the mail. Both addresses are notified.

    `officer-known`: it is an officer's, and another officer got that mailbox in the meantime; nothing changes."""
    await admit(context, "link:address", address, LINK_ADDRESS)
    await email_changes.use_link(context, mark, token)
    return Changed(status="changed")


@router.post("/v1/login-id-reminders", status_code=202, dependencies=[public])
async def forgotten_login_id(body: ForgottenInput, context: CurrentContext, address: CallerAddress) -> Accepted:
    """Have the login id mailed to the address that was registered. The answer is the same whether there is one."""
    await admit(context, "reset:address", address, RESET_ADDRESS)
    await login_id_reminders.ask(context, body.email, address)
    return Accepted(status="accepted")
