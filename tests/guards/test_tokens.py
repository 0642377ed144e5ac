"""An expired, forged or foreign token is refused by every route of every service that is not public."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from shared.auth import Actor, Role, TokenIssuer
from shared.clock import ManualClock, SystemClock
from shared.ids import new_id
from tests.guards.sources import WITH_DATABASE
from tests.guards.test_route_permissions import build
from tests.support import tokens

_ACTOR = Actor(kind="officer", id=new_id(), roles=frozenset(Role))


def _bad_tokens() -> dict[str, str]:
    head, body, signature = tokens.token(_ACTOR).split(".")
    an_hour_ago = ManualClock(datetime.now(UTC) - timedelta(hours=1))
    stranger = TokenIssuer(Ed25519PrivateKey.generate(), issuer=tokens.ISSUER, clock=SystemClock())
    elsewhere = TokenIssuer(tokens.signing_key(), issuer="https://elsewhere.test", clock=SystemClock())
    return {
        "missing": "",
        "no token at all": "not-a-token",
        "expired": tokens.token(_ACTOR, an_hour_ago),
        "forged signature": f"{head}.{body}.{signature[:-4]}AAAA",
        "foreign key": stranger.issue(_ACTOR)[0],
        "foreign issuer": elsewhere.issue(_ACTOR)[0],
        "unsigned": f"eyJhbGciOiJub25lIn0.{body}.",
    }


def _protected(app: FastAPI) -> Iterator[tuple[str, str]]:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            if not any(permission["public"] for permission in operation["x-permission"]):
                yield method.upper(), path


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_a_bad_token_is_refused_everywhere(service: str) -> None:
    app = build(service)
    app.state.verifier = tokens.verifier(SystemClock())
    routes = list(_protected(app))
    assert routes
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service.test") as client:
        for kind, token in _bad_tokens().items():
            for method, path in routes:
                answer = await client.request(method, _filled(path), headers={"Authorization": f"Bearer {token}"})
                problem: dict[str, Any] = answer.json()
                assert answer.status_code == 401, f"{kind}: {method} {path} answered {answer.status_code} {problem}"
                assert problem["status"] == 401


def _filled(path: str) -> str:
    return "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
