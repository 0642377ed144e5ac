"""`/v1/{service}/operations/state`: the state of a service, for operators who have proved recently who they are."""

import asyncio
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import REGISTRY
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Database
from shared.http.health import CHECK_SECONDS, Readiness
from shared.messaging import Consumer, Relay
from shared.operations.access import OPERATOR
from shared.operations.state import store
from shared.operations.state.schemas import CheckState, ConsumerState, MovingState, ServiceState, Stored


@cache
def state_router(service: str) -> APIRouter:
    """The route of one service, made once."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.get("/state")
    async def show_state(request: Request) -> ServiceState:
        """Show what runs and what waits in this service. It answers while its database, broker or store is away."""
        runtime: Any = request.app.state.runtime
        readiness: Readiness = request.app.state.readiness
        now = runtime.clock.now()
        failing, stored = await asyncio.gather(readiness.failing(), _stored(request, service, now))
        by_name = {one["check"]: one for one in failing}
        checks = [
            CheckState(
                name=name,
                is_good=name not in by_name,
                reason=by_name.get(name, {}).get("reason"),
                for_seconds=by_name.get(name, {}).get("for_seconds"),
            )
            for name in readiness.names
        ]
        return ServiceState(
            service=service,
            at=now,
            checks=checks,
            notices=sorted(readiness.notices),
            stored=stored,
            relay=_relay(request),
            consumer=_consumer(request),
        )

    return router


def _relay(request: Request) -> MovingState | None:
    relay: Relay | None = request.app.state.relay
    return MovingState.model_validate(relay.state, from_attributes=True) if relay else None


def _consumer(request: Request) -> ConsumerState | None:
    consumer: Consumer | None = request.app.state.consumer
    if consumer is None:
        return None
    lag = REGISTRY.get_sample_value("zairyu_consumer_lag", {"group": consumer.group})
    state = consumer.state
    return ConsumerState(
        phase=state.phase, since=state.since, reason=state.reason, partitions=state.partitions, lag=int(lag or 0)
    )


async def _stored(request: Request, service: str, now: datetime) -> Stored | None:
    db: Database = request.app.state.runtime.db
    try:
        async with asyncio.timeout(CHECK_SECONDS), db.read() as session:
            return await store.stored(session, service, request.app.state.queues, now)
    except (SQLAlchemyError, OSError):  # a `TimeoutError` among them
        return None
