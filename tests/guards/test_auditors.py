"""An auditor reads everything and changes nothing: no route of any service that writes lets them in."""

import httpx
import pytest

from shared.auth import Actor, Role
from shared.clock import SystemClock
from shared.ids import new_id
from tests.guards.sources import WITH_DATABASE
from tests.guards.test_route_permissions import build
from tests.support import tokens

_READING = {"get", "head", "options"}
# Of their own: password, second factor, sessions, mail address, messages that were read.
_OWN = ("/v1/accounts/me/", "/v1/inbox/")
_AUDITOR = Actor(kind="officer", id=new_id(), roles=frozenset({Role.AUDITOR}), office="TYO", session_id=new_id())


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_an_auditor_is_refused_by_every_route_that_writes(service: str) -> None:
    app = build(service)
    app.state.verifier = tokens.verifier(SystemClock())
    writing = [
        (method, path)
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        if method not in _READING
        and not path.startswith(_OWN)
        and not any(permission["public"] for permission in operation["x-permission"])
    ]
    assert writing
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        for method, path in writing:
            filled = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
            answer = await client.request(method, filled, headers=tokens.bearer(_AUDITOR))
            assert answer.status_code == 403, f"{method} {path} answered {answer.status_code} {answer.text}"
