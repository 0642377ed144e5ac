"""`/desk/board/gateway`: the gateway's processes. They have no database, and report to registration."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.system.asking import gateway_state
from services.gateway.pages.board.system.lights import Level, lights_of, reporting
from services.gateway.pages.board.system.overview import BOARD, shown_light, sign
from services.gateway.pages.board.system.processes import processes_of
from services.gateway.pages.board.system.requests import requests_of
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()


@router.get(f"{BOARD}/gateway")
async def show_gateway(request: Request, visitor: OperatorVisitor) -> Response:
    """Show the process that answers as it is, and the others as they reported."""
    texts = PAGES[visitor.lang]["system"]
    state = await gateway_state(request, visitor)
    return render_page(
        request,
        "board/system/service",
        visitor.lang,
        visitor=visitor,
        title=texts["service_gateway"],
        here=f"{BOARD}/gateway",
        lights=[shown_light(light, "gateway", visitor.lang) for light in lights_of(state)],
        state=state,
        checks=[
            {**check, **sign(Level.GOOD if check["is_good"] else Level.BROKEN, texts)} for check in state["checks"]
        ],
        processes=processes_of(state, texts),
        requests=requests_of(reporting(state["processes"])),
        charts=f"{BOARD}/gateway/charts",
        done=None,
        lead="" if state["others"] == "shown" else texts[f"gateways_{state['others']}"],
    )
