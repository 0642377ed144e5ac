"""Registration as anybody meets it: over HTTP, called by a stranger, a person, an auditor, and an officer who has every
other role."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from typing import Any, TypeVar

from argon2 import PasswordHasher

from services.registration.hashing import PasswordHashing
from shared.auth import OFFICER_ROLES, Role
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.registration.site import Site
from tests.support.service import running
from tests.support.web import serving

T = TypeVar("T")
Headers = dict[str, str]


@dataclass(frozen=True)
class Met:
    """A service that runs: its address, the headers of who calls it, and ids that stand in its paths."""

    url: str
    callers: dict[str, Headers]
    known: dict[str, str]


@contextmanager
def served(database: TestDatabase) -> Iterator[Met]:
    """Serve registration, in a thread of its own, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    def wait_for(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    stack = AsyncExitStack()
    try:
        yield wait_for(_open(stack, database))
    finally:
        wait_for(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _open(stack: AsyncExitStack, database: TestDatabase) -> Met:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    service = await stack.enter_async_context(running("registration", database, clock=clock))
    service.app.state.desk.hashing = PasswordHashing(2, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    site = Site(service, clock)
    person = await site.person()
    signed_in = await site.signed_in(person)
    memberships = (await site.get("/v1/accounts/me/memberships", signed_in)).json()["items"]
    waiting = await site.submit(applicant={"email": "waiting@example.jp"})
    return Met(
        url=await stack.enter_async_context(serving(service.app, lifespan="off")),
        callers={
            "a stranger": {},
            "a person": signed_in,
            "an officer": await site.officer(*(OFFICER_ROLES - {Role.AUDITOR}), login_id="everything.tyo"),
            "an auditor": await site.officer(Role.AUDITOR, login_id="auditor.tyo"),
        },
        known={
            "registration_id": waiting["id"],
            "account_id": str(person.account_id),
            "membership_id": memberships[0]["id"],
        },
    )
