"""`/desk/board/{service}/letters`: what was set aside, in groups and one by one, and the orders about it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path
from starlette.responses import Response

from services.gateway.edge.exposure import SERVICES
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
Service = Annotated[str, Path(pattern=f"^({'|'.join(SERVICES)})$")]
LETTERS = "/desk/board/{service}/letters"
_DONE = ("ordered", "proposed", "approved", "withdrawn")
_TONES = {"proposed": "attention", "running": "active", "done": "", "withdrawn": ""}


@router.get(LETTERS)
async def show_letters(visitor: OperatorVisitor, service: Service, done: Done = None) -> Response:
    """Show the letters of one service."""
    return await letters_page(visitor, service, done=done if done in _DONE else None)


async def letters_page(
    visitor: Visitor, service: str, *, done: str | None = None, errors: FormErrors | None = None
) -> Response:
    """The page of a service's letters, with the mistakes of a press on it."""
    found = (await visitor.service(service).fetch(f"/v1/{service}/operations/letters")).body
    texts = PAGES[visitor.lang]["letters"]
    page = LETTERS.format(service=service)
    return render_page(
        visitor.request,
        "board/letters/listing",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        service=service,
        page=page,
        counts=[(name, texts[f"status_{name}"], count) for name, count in found["counts"].items()],
        groups=[group | {"href": order_link(page, "group", group)} for group in found["groups"]],
        letters=[line | {"href": f"{page}/{line['id']}"} for line in found["letters"]],
        all_letters=order_link(page, "all", {}) if found["letters"] else "",
        orders=[shown_order(order, texts, visitor) for order in found["orders"]],
        done=done,
    )


def order_link(page: str, scope: str, marks: Mapping[str, Any]) -> str:
    """The address of the form that orders something about these letters."""
    # An empty text is a mark as well: an error without a place.
    kept = {name: marks[name] for name in ("letter_id", "error_type", "error", "event_type") if name in marks}
    kept = {name: value for name, value in kept.items() if value is not None}
    return f"{page}/order?{urlencode({'scope': scope, **kept})}"


def shown_order(order: Mapping[str, Any], texts: Mapping[str, str], visitor: Visitor) -> dict[str, Any]:
    """An order in words; `approves` is true where this visitor can approve it."""
    is_proposed = order["status"] == "proposed"
    return {
        **order,
        "what": f"{texts['action_' + order['action']]}: {texts['scope_' + order['scope']]}",
        "status_text": texts[f"order_{order['status']}"],
        "tone": _TONES[order["status"]],
        "is_proposed": is_proposed,
        "approves": is_proposed and order["ordered_by"] != str(visitor.actor.id),
    }
