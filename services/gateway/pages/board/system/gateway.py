"""`/desk/board/gateway`: the gateway. It has no database in which its processes could report: the one that answers
speaks for itself alone."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.system.lights import Level, lights_of
from services.gateway.pages.board.system.overview import BOARD, own_state, shown_light, sign
from services.gateway.pages.board.system.processes import processes_of
from services.gateway.pages.board.system.requests import requests_of
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()


@router.get(f"{BOARD}/gateway")
async def show_gateway(request: Request, visitor: OperatorVisitor) -> Response:
    """Show the process that answers."""
    texts = PAGES[visitor.lang]["system"]
    state, process = await own_state(request)
    processes: Any = {"processes": [process]}
    return render_page(
        request,
        "board/system/service",
        visitor.lang,
        visitor=visitor,
        title=texts["service_gateway"],
        here=f"{BOARD}/gateway",
        lights=[shown_light(light, "gateway", texts) for light in lights_of(state)],
        state=state,
        checks=[
            {**check, **sign(Level.GOOD if check["is_good"] else Level.BROKEN, texts)} for check in state["checks"]
        ],
        processes=processes_of(processes, texts),
        requests=requests_of([process]),
        charts="",
        lead=texts["one_process"],
    )
