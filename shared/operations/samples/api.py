"""`/v1/{service}/operations/samples`: what the service looked like, for operators."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from shared.operations.access import OPERATOR
from shared.operations.samples import store


class Point(BaseModel):
    """The greatest value within one step."""

    at: datetime
    value: float


class Series(BaseModel):
    """One number over time. Steps of which nothing is known have no point."""

    name: str = Field(examples=["outbox"])
    points: list[Point]


class Samples(BaseModel):
    """Numbers of a service over time."""

    at: datetime
    hours: int
    step_seconds: int = Field(description="time between two points")
    series: list[Series]


@cache
def samples_router(service: str) -> APIRouter:
    """The route of one service, made once."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.get("/samples")
    async def list_samples(request: Request, hours: Annotated[int, Query(ge=1, le=48)] = 3) -> Samples:
        """Numbers about this service over the last hours: outbox, lag, queues, requests and the like."""
        runtime: Any = request.app.state.runtime
        now = runtime.clock.now()
        async with runtime.db.read() as session:
            found = await store.series(session, now, hours)
        return Samples(
            at=now,
            hours=hours,
            step_seconds=round(store.step(hours).total_seconds()),
            series=[
                Series(name=name, points=[Point(at=at, value=value) for at, value in points])
                for name, points in found.items()
            ],
        )

    return router
