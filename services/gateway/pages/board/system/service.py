"""`/desk/board/{service}`: one service with its processes, messages, timers, journal and database."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.pages.board.system.asking import state_of
from services.gateway.pages.board.system.lights import Level, lights_of, reporting
from services.gateway.pages.board.system.overview import BOARD, OF_GATEWAY, number_name, queue_name, shown_light, sign
from services.gateway.pages.board.system.processes import processes_of, topics_of
from services.gateway.pages.board.system.projections import facts_of, rebuilds_of, snapshots_of
from services.gateway.pages.board.system.requests import requests_of
from services.gateway.pages.board.system.timers import timers_of
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.rebuilding.kept import kept_of

router = page_router()


@router.get(f"{BOARD}/{{service}}")
async def show_service(request: Request, visitor: OperatorVisitor, service: str, done: Done = None) -> Response:
    """Show one service; where it does not answer, the page says so."""
    if service not in SERVICES:
        raise NotFound()
    texts = PAGES[visitor.lang]["system"]
    state: Any = await state_of(visitor, service)
    stored = state and state["stored"]
    return service_page(
        request,
        visitor,
        service,
        state,
        queues=[
            {**queue, **sign(Level.LOOK if queue["is_late"] else Level.GOOD, texts), "name": queue_name(queue, texts)}
            for queue in (stored["queues"] if stored else ())
        ],
        numbers=[
            (number_name(name, visitor.lang), value)
            for name, value in (stored or {}).get("numbers", {}).items()
            if not name.startswith(OF_GATEWAY)
        ],
        timers=timers_of(state, texts),
        processes=processes_of(stored, texts),
        topics=topics_of(stored),
        requests=requests_of(reporting(stored.get("processes", ())) if stored else ()),
        facts=facts_of(state, texts),
        snapshots=snapshots_of(state, texts),
        rebuilds=rebuilds_of(state, texts),
        letters=f"{BOARD}/{service}/letters",
        is_kept=bool(kept_of(service)),
        done=done if done in ("ordered", "stopped", "switched") else None,
    )


def service_page(
    request: Request, visitor: Visitor, name: str, state: Any, *, lead: str = "", done: str | None = None, **values: Any
) -> Response:
    """The page of a service, or of the gateway: its lights and checks, and the parts that `values` has."""
    texts = PAGES[visitor.lang]["system"]
    return render_page(
        request,
        "board/system/service",
        visitor.lang,
        visitor=visitor,
        title=texts[f"service_{name}"],
        here=f"{BOARD}/{name}",
        charts=f"{BOARD}/{name}/charts",
        lights=[shown_light(light, name, visitor.lang) for light in lights_of(state)],
        state=state,
        checks=[
            {**check, **sign(Level.GOOD if check["is_good"] else Level.BROKEN, texts)}
            for check in (state["checks"] if state else ())
        ],
        lead=lead,
        done=done,
        **values,
    )
