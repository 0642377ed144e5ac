"""Routes by which processes of the gateway report themselves, and operators see them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.registration.gateways import store
from services.registration.http.context import CurrentContext
from shared.auth import public
from shared.errors import Forbidden, Unauthenticated
from shared.http import refusals
from shared.http.forwarded import is_gateway
from shared.operations.access import OPERATOR
from shared.operations.state.schemas import ProcessReport, ProcessState
from shared.text.typed import AnyJson

router = APIRouter(tags=["gateways"])


async def _gateway_alone(request: Request, context: CurrentContext) -> None:
    """Raise `Unauthenticated` for everybody but the gateway, and `Forbidden` for those whom a token names."""
    if not is_gateway(request, context.settings.gateway_key):
        raise Forbidden() if "authorization" in request.headers else Unauthenticated()


_OF_GATEWAY = [public, Depends(_gateway_alone)]
Report = Annotated[ProcessReport, AnyJson("a gateway made it")]


@router.put("/v1/gateways/{process_id}", status_code=204, responses=refusals(401, 403), dependencies=_OF_GATEWAY)
async def keep(process_id: UUID, body: Report, context: CurrentContext) -> None:
    """Keep the report of a process of the gateway. It is silent after half a minute without another, and gone after
    two."""
    async with context.db.transaction() as session:
        await store.keep(session, process_id, body)


@router.delete("/v1/gateways/{process_id}", status_code=204, responses=refusals(401, 403), dependencies=_OF_GATEWAY)
async def leave(process_id: UUID, context: CurrentContext) -> None:
    """Forget a process of the gateway that ends."""
    async with context.db.transaction() as session:
        await store.leave(session, process_id)


@router.get("/v1/registration/operations/gateways", tags=["operations"], dependencies=[OPERATOR])
async def list_gateways(context: CurrentContext) -> list[ProcessState]:
    """The processes of the gateway that have reported within two minutes, at most two hundred."""
    async with context.db.read() as session:
        return await store.read(session)
