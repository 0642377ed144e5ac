"""`/desk/board/{service}/letters/{id}`: one letter, its event beside the schema, and what waits behind it."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.letters.listing import LETTERS, Service, order_link, shown_order
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor
from services.gateway.texts import PAGES

router = page_router()


@router.get(f"{LETTERS}/{{letter_id:uuid}}")
async def show_letter(request: Request, visitor: OperatorVisitor, service: Service, letter_id: UUID) -> Response:
    """Show the letter. A value that does not fit its schema is not shown: it may be anybody's."""
    found = (await visitor.service(service).fetch(f"/v1/{service}/operations/letters/{letter_id}")).body
    texts = PAGES[visitor.lang]["letters"]
    page = LETTERS.format(service=service)
    return render_page(
        request,
        "board/letters/letter",
        visitor.lang,
        visitor=visitor,
        service=service,
        page=page,
        letter=found,
        verdict=texts["opens" if found["opens_now"] else "unknown_here" if not found["is_known"] else "does_not_open"],
        order=order_link(page, "letter", {"letter_id": str(letter_id)}),
        orders=[shown_order(order, texts, visitor) for order in found["orders"]],
    )
