"""`/v1/{service}/operations/state`: the state of a service, for operators who have proved recently who they are."""

import asyncio
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Database
from shared.http.health import CHECK_SECONDS
from shared.operations.access import OPERATOR
from shared.operations.state import observing, own, store
from shared.operations.state.schemas import ServiceState, Stored


@cache
def state_router(service: str) -> APIRouter:
    """The route of one service, made once."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.get("/state")
    async def show_state(request: Request) -> ServiceState:
        """Show what runs and what waits in this service. It answers while its database, broker or store is away."""
        runtime: Any = request.app.state.runtime
        now = runtime.clock.now()
        checks, stored = await asyncio.gather(own.checks(request.app), _stored(request, service, now))
        return ServiceState(
            service=service,
            at=now,
            checks=checks,
            notices=sorted(request.app.state.readiness.notices),
            stored=stored,
            relay=observing.relay(request.app),
            consumer=observing.consumer(request.app),
        )

    return router


async def _stored(request: Request, service: str, now: datetime) -> Stored | None:
    state = request.app.state
    db: Database = state.runtime.db
    # Those of the process that answers run, whatever its row says.
    elsewhere = state.parts_needed - state.runtime.settings.part_set
    try:
        async with asyncio.timeout(CHECK_SECONDS), db.read() as session:
            topics = {event.topic for event in state.handlers} - {f"{service}.events"}
            return await store.stored(session, service, state.queues, elsewhere, now, state.numbers, topics)
    except (SQLAlchemyError, OSError):  # a `TimeoutError` among them
        return None
