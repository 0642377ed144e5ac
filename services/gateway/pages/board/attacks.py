"""`/desk/board/attacks`: addresses and login ids with wrong sign-ins, by marks: registration keeps digests alone."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()


@router.get("/desk/board/attacks")
async def show_attacks(request: Request, visitor: OperatorVisitor) -> Response:
    """Show where most wrong sign-ins come from, and which are slowed."""
    found: Any = await _found(visitor)
    texts = PAGES[visitor.lang]
    return render_page(
        request,
        "board/attacks/attacks",
        visitor.lang,
        visitor=visitor,
        rows=[{**row, "kind": texts["attacks"][f"kind_{row['kind']}"]} for row in found or ()],
        away=[texts["system"]["service_registration"]] if found is None else [],
    )


async def _found(visitor: OperatorVisitor) -> Any | None:
    try:
        return (await visitor.service("registration").fetch("/v1/registration/operations/sign-ins")).body
    except ServiceDown:
        return None
