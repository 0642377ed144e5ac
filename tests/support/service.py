"""A service under test: its HTTP side over ASGI on a real database, its handlers called as the consumer would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unittest.mock import patch

import httpx
from argon2 import PasswordHasher
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from sqlalchemy import select

from services.registration.authentication.adapters.hashing import PasswordHashing
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.db.tables import tables_of
from shared.events.base import Event
from shared.ids import new_id
from shared.journal import JournalledSession, StateDifference, compare_with_state, verify
from shared.messaging import BatchHandler, Envelope, Message, decode
from shared.messaging.tables import headers_from_json, outbox
from shared.operations.state import reports
from tests.contracts.notes import handling
from tests.support import keys, tokens
from tests.support.contract import documented, has_what_is_read
from tests.support.forwarded import GATEWAY_KEY
from tests.support.keys import SEALING_KEY

__all__ = ["SEALING_KEY", "RunningService", "running"]

# Argon2id as in production, except that it takes no time: half of the tests with accounts would be hashing.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class RunningService:
    """A service as a test uses it."""

    name: str
    app: FastAPI
    client: httpx.AsyncClient
    db: Database
    clock: Clock

    async def events(self) -> list[Event]:
        """The events recorded so far and not yet relayed, in order."""
        async with self.db.read() as session:
            rows = (await session.execute(select(outbox).order_by(outbox.c.position))).mappings().all()
        messages = [
            Message(r["aggregatetype"], r["aggregateid"], bytes(r["payload"]), headers_from_json(r["headers"]))
            for r in rows
        ]
        return [decode(has_what_is_read(message))[1] for message in messages]

    async def deliver(self, *events: Event) -> None:
        """Hand `events` to the service's handlers, each in a transaction of its own, as the consumer does."""
        for event in events:
            envelope = Envelope.of(event, id=new_id(), source="/zairyu/test", time=self.clock.now())
            async with self.app.state.runtime.db.transaction() as session:
                with handling(self.name, [event]):
                    handler = self.app.state.handlers[type(event)]
                    if isinstance(handler, BatchHandler):
                        await handler.take(session, [(envelope, event)])
                    else:
                        await handler(session, envelope, event)

    async def journal_problems(self) -> list[object]:
        """The findings of `verify`, and every row that differs from a replay of the journal; empty when all is well."""
        async with self.db.read() as session:
            differences: list[StateDifference] = await compare_with_state(session, tables_of(self.name))
            return [*await verify(session), *differences]


@asynccontextmanager
async def running(
    name: str, database: Any, *, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[RunningService]:
    """Service `name` on `database` (from the fixture `service_database(name)`): HTTP only, tokens of `tests.support`.

    `settings` overrides single settings.
    """
    clock = clock or SystemClock()
    package = import_module(f"services.{name}.app")
    values = {"database_url": database.url, **keys.secrets(name), "parts": "api", **settings}
    if name == "review":
        # Decisions take effect at once, except in tests about that.
        values.setdefault("recall_minutes", 0)
    if name in ("registration", "document"):
        values.setdefault("gateway_key", GATEWAY_KEY)
    made = import_module(f"services.{name}.settings").Settings(**values)
    app = package.create_app(made, clock)
    runtime = app.state.runtime
    if name == "registration":
        context = app.state.context
        context.hashing.close()
        context.hashing = PasswordHashing(made.password_threads, _QUICK)
    else:
        # The same issuer that signs the tests' tokens, in place of the keys registration would publish.
        runtime.verifier = app.state.verifier = tokens.verifier(clock)
    db = Database(database.url, session_class=JournalledSession)
    try:
        # Nothing is written beside what a test does.
        with patch.object(reports, "_FIRST_SECONDS", 3600):
            async with LifespanManager(app, startup_timeout=30, shutdown_timeout=30) as manager:
                # Registration makes its keys when they are first asked for: before the test, and not beside it.
                await app.state.verifier.keys.refresh()
                transport = httpx.ASGITransport(app=manager.app)
                async with httpx.AsyncClient(
                    transport=transport,
                    base_url="http://service.test",
                    timeout=30,
                    event_hooks={"response": [documented(name, app)]},
                ) as client:
                    yield RunningService(name, app, client, db, clock)
    finally:
        await db.close()
