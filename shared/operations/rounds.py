"""`/v1/{service}/operations/journal-rounds`: have the whole journal verified now."""

from functools import cache

from fastapi import APIRouter

from shared.http.commands import Once
from shared.journal import rounds
from shared.operations.access import OPERATOR
from shared.operations.audit import OperationsTag
from shared.operations.state.schemas import RoundState
from shared.work import Work


@cache
def rounds_router(service: str) -> APIRouter:
    """The route of one service, made once."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.post("/journal-rounds", status_code=201)
    async def order_round(once: Once) -> RoundState:
        """Have the journal verified from its first seal on, in the background. A round under way begins again."""
        return await once(_order)

    return router


async def _order(work: Work) -> RoundState:
    made = await rounds.begin(work.session, work.now, work.actor.id)
    work.journal("journal", made["id"], OperationsTag.VERIFY, {})
    return RoundState.model_validate(dict(made))
