"""Passkeys: adding and removing one's own, and signing in with one."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.authentication.api.second_step import Credential
from services.registration.authentication.commands import passkey_requests, passkey_sign_in, passkeys
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import PASSKEY_ADDRESS
from services.registration.authentication.schemas.passkeys import CreationOptions, PasskeyAdded
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.http.context import CallerAddress, CallerVisitor, CurrentContext, HeldSession, SecretMark
from services.registration.http.fields import Input
from services.registration.http.runners import WithSecret
from shared.auth import Actor, permit, public
from shared.http import refusals
from shared.http.commands import OnceIfKeyed
from shared.text import one_line
from shared.text.typed import Typed

router = APIRouter(tags=["passkeys"])
Owner = Annotated[Actor, permit(kinds=("person", "officer"))]
# Also an officer who has no second factor yet.
Enrolling = Annotated[Actor, permit(kinds=("person", "officer"), enrolling=True)]


class RequestOptions(BaseModel):
    """Options of `navigator.credentials.get`."""

    public_key: dict[str, Any] = Field(description="PublicKeyCredentialRequestOptions as JSON")


class NewPasskey(Input):
    """A device's answer."""

    credential: Credential
    label: Annotated[str, Typed(one_line, most=60)] | None = None


class PasskeySignIn(Input):
    """A device's answer. `organisation_id` as with a password."""

    credential: Credential
    organisation_id: UUID | None = None
    held_session: HeldSession = None


@router.post("/v1/accounts/me/passkeys/options")
async def begin(caller: Enrolling, run: WithSecret, context: CurrentContext) -> CreationOptions:
    """Begin to add a passkey."""
    return await run(passkeys.begin_passkey, context)


@router.post("/v1/accounts/me/passkeys", status_code=201)
async def add(
    body: NewPasskey, caller: Enrolling, run: WithSecret, context: CurrentContext, visitor: CallerVisitor
) -> PasskeyAdded:
    """Add the passkey that the device made. 401 `passkey-not-valid` where its answer is not right."""
    label = body.label or visitor.device
    return await run(passkeys.add_passkey, context, body.credential, label)


@router.delete("/v1/accounts/me/passkeys/{passkey_id}", status_code=204)
async def remove(passkey_id: UUID, caller: Owner, once: OnceIfKeyed, context: CurrentContext) -> None:
    """Take a passkey away. 409 `second-factor-needed` for an officer's last factor."""
    await once(passkeys.remove_passkey, context, passkey_id)


@router.post("/v1/sessions/passkey/options", dependencies=[public])
async def ask(context: CurrentContext, address: CallerAddress) -> RequestOptions:
    """A question for a passkey: the same for everybody, answered once within five minutes."""
    await admit(context, "passkey:address", address, PASSKEY_ADDRESS)
    return RequestOptions(public_key=await passkey_requests.ask(context))


@router.post("/v1/sessions/passkey", status_code=201, responses=refusals(401, 403), dependencies=[public])
async def sign_in(
    body: PasskeySignIn, mark: SecretMark, context: CurrentAuthentication, visitor: CallerVisitor
) -> SignedIn:
    """Sign in with a passkey alone. 401 `passkey-not-valid` says nothing about which part was wrong."""
    visitor = replace(visitor, held=body.held_session)
    return await passkey_sign_in.sign_in_with_passkey(context, mark, body.credential, visitor, body.organisation_id)
