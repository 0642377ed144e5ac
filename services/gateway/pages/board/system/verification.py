"""`/desk/board/{service}/journal-rounds`: have a service's journal verified now."""

from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.pages.board.system.overview import BOARD
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OperatorVisitor
from shared.errors import NotFound

router = page_router()


@router.post(f"{BOARD}/{{service}}/journal-rounds")
async def order_round(visitor: OperatorVisitor, service: str, form: Posted) -> Response:
    """Order a round of verification; the page of the service shows how far it is."""
    if service not in SERVICES:
        raise NotFound()
    key = {"Idempotency-Key": str(form.key_of("round"))}
    await visitor.service(service).call("POST", f"/v1/{service}/operations/journal-rounds", headers=key)
    return redirect_to(f"{BOARD}/{service}")
