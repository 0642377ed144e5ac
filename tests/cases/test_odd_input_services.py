"""Nothing odd ends in an error of a service's own: every kind for every operation of its OpenAPI document."""

from collections.abc import Callable
from itertools import islice

import pytest

from shared.auth import OFFICER_ROLES, Actor, Role
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.support import tokens
from tests.support.odd import failures, odd_requests, through
from tests.support.service import running

PERSON = tokens.person(Role.SELF)
OFFICER = Actor(kind="officer", id=new_id(), roles=OFFICER_ROLES - {Role.AUDITOR}, office="TYO", session_id=new_id())


@pytest.mark.parametrize("name", ["application", "review", "notification"])
@pytest.mark.parametrize("actor", [PERSON, OFFICER], ids=["person", "officer"])
async def test_every_odd_kind_is_answered_by_every_service(
    service_database: Callable[[str], TestDatabase], name: str, actor: Actor
) -> None:
    """[attacks F13, faults 1] One of seven requests each, so that every route meets some of every kind."""
    async with running(name, service_database(name)) as service:
        service.client.event_hooks = {}  # what odd answers look like, the contract tests say
        more = tokens.bearer(actor) | {"Idempotency-Key": "odd-0001", "If-Match": '"1"'}
        made = islice(odd_requests(service.app.openapi()), 0, None, 7)
        found = [
            (odd.why, odd.method, odd.path, status)
            async for odd, status in failures(made, through(service.client, more))
        ]
        assert found == []
