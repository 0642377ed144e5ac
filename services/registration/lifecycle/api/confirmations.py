"""Confirming a mail address without setting a password."""

from fastapi import APIRouter

from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import LINK_ADDRESS
from services.registration.http.context import CallerAddress, CurrentContext, SecretMark
from services.registration.http.fields import (
    Secret,
)
from services.registration.lifecycle.commands import passwords
from services.registration.lifecycle.schemas.passwords import PasswordSet
from shared.auth import public

router = APIRouter(tags=["registrations of persons"])


@router.post("/v1/password-links/{token}/confirm", dependencies=[public])
async def confirm(token: Secret, mark: SecretMark, context: CurrentContext, address: CallerAddress) -> PasswordSet:
    """Confirm the mail address with a mail's link, and set no password: for who signs in at the identity provider."""
    await admit(context, "link:address", address, LINK_ADDRESS)
    return await passwords.confirm(context, mark, token)
