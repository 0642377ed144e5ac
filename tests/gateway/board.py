"""Operators before the gateway and the review service, in which events fail; the other services are away."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.messaging import DeadLetters
from tests.gateway.approval import Bureau
from tests.gateway.identity import identity, trusting
from tests.infra.databases import TestDatabase
from tests.support.letters import LetterBox
from tests.support.service import running
from tests.support.web import serving

BOARD = "/desk/board"
LETTERS = f"{BOARD}/review/letters"


class TaxColumnMissing(Exception):
    """The error of a release with a bug."""


async def _with_a_bug(*_: Any) -> None:
    raise TaxColumnMissing()


@dataclass
class Operators(Bureau):
    """With the letters of review, and the releases of its code."""

    box: Any = None

    async def poison(self, waiting: int = 0, body: dict[str, Any] | None = None) -> UUID:
        """An event that the release that runs cannot handle."""
        letter: UUID = await self.box.park(TaxColumnMissing(), waiting=waiting, body=body)
        return letter

    def release(self, *, correct: bool) -> None:
        """Deploy a release of review: its process starts again, with the handlers of that release."""
        app = self.box.service.app
        handlers = app.state.handlers if correct else app.state.handlers | {ApplicationSubmitted: _with_a_bug}
        runtime = app.state.runtime
        app.state.letters = DeadLetters(runtime.db, "review", handlers, keys=runtime.event_keys, clock=runtime.clock)


@asynccontextmanager
async def operators(database: Callable[[str], TestDatabase]) -> AsyncIterator[Operators]:
    """The gateway before registration and review, with two operators."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    limits = {"requests_per_minute": 100_000, "session_requests_per_minute": 100_000, "sign_ins_per_minute": 1_000}
    async with (
        running("review", database("review"), clock=clock) as review,
        serving(review.app, lifespan="off") as url,
        identity(database("registration"), clock, review_url=url, **limits) as front,
    ):
        trusting(review, front.site, clock)
        made = Operators(front, box=LetterBox(review, clock))
        await made.officer("operator", Role.OPERATOR)
        yield made
