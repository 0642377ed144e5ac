"""Published documents for checking access tokens: the public keys, and the list of revocations."""

from collections.abc import Awaitable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from starlette.responses import JSONResponse

from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.http.context import CurrentContext
from services.registration.revocation.commands.blocked_networks import blocked_networks
from services.registration.revocation.commands.revocations import revocations
from shared.auth import public
from shared.errors import Unavailable

router = APIRouter(tags=["keys"])
KnownTag = Annotated[str | None, Header(alias="If-None-Match", description="the ETag of the answer that you have")]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as it was"}}
_KEYS = {
    "keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKx...", "kid": "kPrK_qmx...", "use": "sig", "alg": "EdDSA"}]
}
_BLOCKED = {"networks": [{"network": "203.0.113.0/24", "until": "2026-12-01T03:00:00+00:00"}]}
_REVOKED = {"revoked": ["019a7b5e-7c2a-7f3e-9d41-2b6c8f0a1e55"]}


def _example(document: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": document}}}, **_UNCHANGED}


@router.get("/.well-known/jwks.json", dependencies=[public], response_model=dict[str, Any], responses=_example(_KEYS))
async def jwks(signing: CurrentSigning, known: KnownTag = None) -> Response:
    """The key set (RFC 7517): the key that signs, the next one, and those whose tokens may still be valid."""
    return await _published(signing.document(), known)


@router.get(
    "/.well-known/revocations.json", dependencies=[public], response_model=dict[str, Any], responses=_example(_REVOKED)
)
async def revoked(context: CurrentContext, known: KnownTag = None) -> Response:
    """The ids of sessions that ended recently: an access token that came from one of them is refused, expired or
    not."""
    return await _published(revocations(context), known)


@router.get(
    "/.well-known/blocked-networks.json",
    dependencies=[public],
    response_model=dict[str, Any],
    responses=_example(_BLOCKED),
)
async def blocked(context: CurrentContext, known: KnownTag = None) -> Response:
    """The networks that operators have blocked, each with its end, for the gateway."""
    return await _published(blocked_networks(context), known)


async def _published(reading: Awaitable[dict[str, Any]], known: str | None) -> Response:
    """A document that services ask for again and again: sent only where it is another one than they have."""
    try:
        answer = JSONResponse(await reading)
    except OSError as error:
        raise Unavailable() from error
    tag = f'"{sha256(answer.body).hexdigest()[:32]}"'
    # Nobody between may keep it: what is withdrawn or ended would live on there.
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if known == tag:
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
