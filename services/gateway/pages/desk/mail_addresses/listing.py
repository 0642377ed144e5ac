"""`/desk/messages/addresses`: the addresses to which no mail is sent, because it came back. Each look is journalled."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.desk.message_log.search import PATH, require_reader
from services.gateway.pages.kit.forms import is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang
from shared.text.characters import readable

router = page_router()
ADDRESSES = f"{PATH}/addresses"
SERVICE = "/v1/notifications/undeliverable-addresses"
_ON_A_PAGE = 50


def address_line(one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """An address in words."""
    texts = PAGES[lang]["mail_addresses"]
    return {
        **one,
        "href": f"{ADDRESSES}/{UUID(one['id'])}",
        "reason_text": texts[f"reason_{one['reason']}"],
        "state_text": texts[f"lifted_{one['lifted_by']}" if one["lifted_at"] else "stopped"],
        "tone": "active" if one["lifted_at"] else "attention",
    }


@router.get(ADDRESSES)
async def show_addresses(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the addresses, those stopped last first, or the one that is asked for."""
    require_reader(visitor)
    wanted = readable(request.query_params.get("address", "")).strip()[:254]
    cursor = request.query_params.get("cursor", "")
    cursor = cursor if is_cursor(cursor) else ""
    asked = {name: value for name, value in (("address", wanted), ("cursor", cursor)) if value}
    query = urlencode(asked | {"limit": str(_ON_A_PAGE)})
    answer = await visitor.service("notification").call("GET", f"{SERVICE}?{query}")
    if answer.status == 422 and cursor:
        return redirect_to(ADDRESSES)
    if not answer.ok:
        raise Forbidden()
    found = answer.body
    return render_page(
        request,
        "desk/mail_addresses/listing",
        visitor.lang,
        visitor=visitor,
        wanted=wanted,
        lines=[address_line(one, visitor.lang) for one in found["items"]],
        first=ADDRESSES if cursor else "",
        following=f"{ADDRESSES}?{urlencode(asked | {'cursor': found['next']})}" if found["next"] else "",
    )
