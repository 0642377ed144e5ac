"""`/desk/board/gateway`: the gateway's processes. They have no database, and report to registration."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.system.asking import gateway_state
from services.gateway.pages.board.system.lights import reporting
from services.gateway.pages.board.system.overview import BOARD
from services.gateway.pages.board.system.processes import processes_of
from services.gateway.pages.board.system.requests import requests_of
from services.gateway.pages.board.system.service import service_page
from services.gateway.pages.kit.frame import page_router
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()


@router.get(f"{BOARD}/gateway")
async def show_gateway(request: Request, visitor: OperatorVisitor) -> Response:
    """Show the process that answers as it is, and the others as they reported."""
    texts = PAGES[visitor.lang]["system"]
    state = await gateway_state(request, visitor)
    return service_page(
        request,
        visitor,
        "gateway",
        state,
        processes=processes_of(state, texts),
        requests=requests_of(reporting(state["processes"])),
        lead="" if state["others"] == "shown" else texts[f"gateways_{state['others']}"],
    )
