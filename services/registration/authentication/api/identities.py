"""Proving who one is at the identity provider: asked by the gateway for a browser, and one's own identities."""

from dataclasses import replace
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints, model_validator

from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.authentication.commands import identities, identity_requests
from services.registration.authentication.commands.identity_requests import Purpose
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import IDENTITY_ADDRESS
from services.registration.authentication.schemas.identities import Identities
from services.registration.authentication.schemas.identity_requests import IdentityFinished, IdentityRequested
from services.registration.http.context import CallerAddress, CallerVisitor, CurrentContext, HeldSession, SecretMark
from services.registration.http.fields import Input, Secret
from shared.auth import Actor, PerhapsCaller, permit, public
from shared.errors import Text, Unauthenticated
from shared.http import refusals
from shared.http.commands import OnceIfKeyed
from shared.text.typed import AsSent, rule

router = APIRouter(tags=["identity provider"])
Person = Annotated[Actor, permit(kinds=("person",), in_person=True)]
# 32 random bytes and more, kept in a cookie: what binds the answer to the browser that asked.
BrowserSecret = Annotated[str, StringConstraints(min_length=43, max_length=200), AsSent("a secret")]
# A path of this site and nothing else: no host, no scheme, no backslash that a browser would read as a slash.
SitePath = Annotated[
    str, StringConstraints(pattern=r"^/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%?/-]*)?$")
]
Given = Annotated[str, StringConstraints(min_length=1, max_length=2000), AsSent("of the provider")]


class IdentityRequest(Input):
    """The purpose, the browser's secret, and the page to return to."""

    purpose: Purpose
    browser_secret: BrowserSecret = Field(examples=["q0XhJ2m8Tt0l9Qn3mUv7aXcB5dE6fG8hI2jK4lM6nO8"])
    return_to: SitePath = Field("/", max_length=1000)


class IdentityAnswer(Input):
    """The provider's answer, brought back by the browser."""

    state: Secret
    browser_secret: BrowserSecret
    code: Given | None = None
    error: Annotated[str, StringConstraints(max_length=200), AsSent("of the provider")] | None = None
    iss: Given | None = Field(None, description="RFC 9207")
    held_session: HeldSession = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.code is None) == (self.error is None):
            raise rule("code-or-error", Text("code か error のいずれかを指定してください", "Give either code or error"))
        return self


@router.post("/v1/identity-requests", responses=refusals(404), dependencies=[public])
async def ask(
    body: IdentityRequest,
    caller: PerhapsCaller,
    mark: SecretMark,
    context: CurrentAuthentication,
    address: CallerAddress,
) -> IdentityRequested:
    """Begin to sign in, to register, to link an identity to one's account (signed in, with a fresh session), or to
    prove again who one is (signed in).

    For the gateway. 404 `identity-not-offered`; 503 `identity-provider-unavailable`.
    """
    if body.purpose.of_session and caller.kind != "person":
        raise Unauthenticated()
    await admit(context, "identity:address", address, IDENTITY_ADDRESS)
    return await identity_requests.begin(context, caller, mark, body.purpose, body.browser_secret, body.return_to)


@router.post("/v1/identity-requests/finish", responses=refusals(401, 403, 404, 409), dependencies=[public])
async def finish(
    body: IdentityAnswer, mark: SecretMark, context: CurrentAuthentication, visitor: CallerVisitor
) -> IdentityFinished:
    """Take the answer: a session, a ticket to register with, or a link. 401 says nothing about which part was wrong."""
    await admit(context, "identity:address", visitor.address, IDENTITY_ADDRESS)
    visitor = replace(visitor, held=body.held_session)
    returned = identity_requests.Returned(body.state, body.browser_secret, body.code, body.error, body.iss)
    return await identity_requests.finish(context, mark, returned, visitor)


@router.get("/v1/accounts/me/identities")
async def mine(caller: Person, context: CurrentContext) -> Identities:
    """At which identity providers I can sign in."""
    assert caller.id is not None
    async with context.db.read() as session:
        return await identities.mine(session, caller.id)


@router.delete("/v1/accounts/me/identities/{identity_id}", status_code=204)
async def unlink(identity_id: UUID, caller: Person, once: OnceIfKeyed, context: CurrentContext) -> None:
    """Take an identity away. 409 `identity-needed` where it is the only means to sign in."""
    await once(identities.unlink, context, identity_id)
