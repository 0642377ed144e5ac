"""`/v1/{service}/operations/invariants`: the last result of each invariant, for operators."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from shared.auth import Actor
from shared.invariants import results
from shared.operations.access import OPERATOR
from shared.work import Commands

Operator = Annotated[Actor, OPERATOR]


class InvariantResult(BaseModel):
    """The last check of an invariant."""

    name: str = Field(examples=["journal-chain"])
    state: Literal["holds", "violated", "unknown"]
    since: datetime = Field(description="when it came into this state")
    checked_at: datetime
    full_at: datetime | None = Field(description="when all records were looked at last; recent ones more often")
    milliseconds: int
    violations: int
    ids: list[str] = Field(description="of the first twenty records that contradict it")
    error: str | None = Field(description="why it could not be checked")


def invariants_router(service: str) -> APIRouter:
    """The route of one service. It holds ids and counts, nothing of a person."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"])

    @router.get("/invariants")
    async def list_results(request: Request, _: Operator) -> list[InvariantResult]:
        """Invariants of this service, and whether each held when it was last checked."""
        commands: Commands = request.app.state.runtime.commands
        async with commands.db.read() as session:
            return [InvariantResult.model_validate(row, from_attributes=True) for row in await results.read(session)]

    return router
