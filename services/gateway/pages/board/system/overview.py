"""`/desk/board`: a line for each service and for each thing in it that an operator should look at."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.system.asking import gateway_state, states
from services.gateway.pages.board.system.lights import Level, Light, level_of, lights_of
from services.gateway.pages.kit.formats import duration
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES
from shared.languages import Lang

router = page_router()
BOARD = "/desk/board"
# Registration samples what the gateway's processes report, under names that begin so.
OF_GATEWAY = "gateway-"
_TONES = {Level.GOOD: "good", Level.LOOK: "attention", Level.BROKEN: "bad"}
# Lights whose detail is a time in seconds.
_TIMES = frozenset({"outbox", "unread", "timers", "journal", "transaction"})
_SYMBOLS = {Level.GOOD: "●", Level.LOOK: "▲", Level.BROKEN: "✕"}


@router.get(BOARD)
async def show_board(request: Request, visitor: OperatorVisitor) -> Response:
    """Show all services, and the gateway. A service that does not answer is a red line."""
    texts = PAGES[visitor.lang]["system"]
    services, gateway = await asyncio.gather(states(visitor), gateway_state(request, visitor))
    found = {**services, "gateway": gateway}
    shown = [_service(name, state, visitor.lang) for name, state in found.items()]
    return render_page(
        request,
        "board/system/overview",
        visitor.lang,
        visitor=visitor,
        services=shown,
        at=visitor.gateway.clock.now(),
        summary=sign(max(one["level"] for one in shown), texts),
    )


def sign(level: Level, texts: Mapping[str, str]) -> dict[str, str]:
    """A level in words, with a symbol and a tone: never in colour alone."""
    word = texts[f"level_{level.name.lower()}"]
    return {"text": f"{_SYMBOLS[level]} {word}", "tone": _TONES[level]}


def shown_light(light: Light, service: str, lang: Lang) -> dict[str, Any]:
    """A light in words: what is so, and what to do."""
    texts = PAGES[lang]["system"]
    elsewhere = {"": "", "letters": f"{BOARD}/{service}/letters", "invariants": f"{BOARD}/invariants"}
    href = elsewhere.get(light.place, f"{BOARD}/{service}#{light.place}")
    detail = light.detail
    if light.subject == "queue":
        detail = queue_name({"name": detail}, texts)
    elif light.subject in _TIMES:
        detail = duration(int(detail), lang)
    # A notice has words of its own where this release knows its code.
    own = f"{light.subject}_{light.detail.replace('-', '_')}"
    subject = own if light.subject == "notice" and f"light_{own}" in texts else light.subject
    return {
        **sign(light.level, texts),
        "what": texts[f"light_{subject}"].format(detail=detail),
        "todo": texts.get(f"todo_{subject}", ""),
        "href": href,
    }


def queue_name(queue: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The name of a queue; its code where it has none here, of a service that is newer."""
    code = queue["name"]
    return texts.get(f"queue_{code.replace('-', '_')}", code)


def number_name(code: str, lang: Lang) -> str:
    """The name of a number; its code where it has none here, of a service that is newer."""
    kind, _, queue = code.partition(":")
    if kind == "queue" and queue:
        return queue_name({"name": queue}, PAGES[lang]["system"])
    return PAGES[lang]["charts"].get(f"name_{code.replace('-', '_')}", code)


def _service(name: str, state: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any]:
    lights = lights_of(state)
    return {
        "name": PAGES[lang]["system"][f"service_{name}"],
        "href": f"{BOARD}/{name}",
        "level": level_of(lights),
        "lights": [shown_light(light, name, lang) for light in lights],
    }
