"""The public keys with which access tokens are checked."""

from typing import Any

from fastapi import APIRouter, Response

from services.registration.api.context import CurrentSigning
from shared.auth import public
from shared.errors import Unavailable

router = APIRouter(tags=["keys"])


@router.get("/.well-known/jwks.json", dependencies=[public])
async def jwks(signing: CurrentSigning, response: Response) -> dict[str, Any]:
    """The key set (RFC 7517): the key that signs, the next one, and those whose tokens may still be valid."""
    try:
        document = await signing.document()
    except OSError as error:
        raise Unavailable() from error
    response.headers["Cache-Control"] = "public, max-age=60"
    return document
