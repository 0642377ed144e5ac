"""`/desk/board/invariants`: what must always hold in every service, and whether it did when it was last checked."""

import asyncio
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
PATH = "/desk/board/invariants"
# What needs a look comes first.
_ORDER = ("violated", "unknown", "holds")


@router.get(PATH)
async def show_invariants(request: Request, visitor: OperatorVisitor) -> Response:
    """Show the last results of all services; one that is away is a sentence of the page."""
    answers = await asyncio.gather(*(_of(visitor, name) for name in SERVICES))
    texts = PAGES[visitor.lang]
    rows = [row | {"service": name} for name, rows in zip(SERVICES, answers, strict=True) for row in rows or []]
    for row in rows:
        row["what"] = texts["invariants"].get(f"what_{row['name'].replace('-', '_')}", row["name"])
    return render_page(
        request,
        "board/invariants/invariants",
        visitor.lang,
        visitor=visitor,
        rows=sorted(rows, key=lambda row: _ORDER.index(row["state"])),
        bad=sum(row["state"] != "holds" for row in rows),
        away=[
            texts["system"][f"service_{name}"] for name, found in zip(SERVICES, answers, strict=True) if found is None
        ],
    )


async def _of(visitor: Visitor, name: str) -> list[dict[str, Any]] | None:
    """The results of one service; None where it is away."""
    try:
        found: list[dict[str, Any]] = (await visitor.service(name).fetch(f"/v1/{name}/operations/invariants")).body
    except ServiceDown:
        return None
    return found
