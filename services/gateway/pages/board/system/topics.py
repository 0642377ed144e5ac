"""`/desk/board/topics`: what each service has still to take of each topic, by the reports of its consumers."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.system.asking import states
from services.gateway.pages.board.system.lights import unread_level
from services.gateway.pages.board.system.overview import BOARD, sign
from services.gateway.pages.board.system.processes import phases_of, topics_of
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()
PATH = f"{BOARD}/topics"


@router.get(PATH)
async def show_topics(request: Request, visitor: OperatorVisitor) -> Response:
    """Show all topics with their groups, the one that waits longest first.

    A service that is away, and one none of whose consumers reads, are sentences of the page.
    """
    texts = PAGES[visitor.lang]["system"]
    found = await states(visitor)
    stored = {name: state["stored"] if state else None for name, state in found.items()}
    rows: list[dict[str, Any]] = [
        {
            **topic,
            **sign(unread_level(topic["oldest_seconds"]), texts),
            "service": texts[f"service_{name}"],
            "group": name,
        }
        for name, one in stored.items()
        for topic in topics_of(one)
    ]
    return render_page(
        request,
        "board/system/topics",
        visitor.lang,
        visitor=visitor,
        here=PATH,
        rows=sorted(rows, key=lambda row: (-row["oldest_seconds"], row["topic"], row["group"])),
        away=[texts[f"service_{name}"] for name, one in stored.items() if one is None],
        not_reading=[
            texts[f"service_{name}"] for name, one in stored.items() if one and "running" not in phases_of(one)
        ],
    )
