"""Dependencies of routes that prove who somebody is, or that sign tokens."""

from typing import Annotated, cast

from fastapi import Depends, Request

from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import AuthenticationContext


async def _context(request: Request) -> AuthenticationContext:
    return cast(AuthenticationContext, request.app.state.context)


async def _signing(request: Request) -> SigningKeys:
    return cast(SigningKeys, request.app.state.signing)


CurrentAuthentication = Annotated[AuthenticationContext, Depends(_context)]
CurrentSigning = Annotated[SigningKeys, Depends(_signing)]
