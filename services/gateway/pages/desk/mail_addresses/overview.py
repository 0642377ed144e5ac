"""`/desk/messages/addresses/{id}`: one address with what happened to it, and sending mail there again with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.mail_addresses.listing import ADDRESSES, SERVICE, address_line
from services.gateway.pages.desk.message_log.search import PATH, require_reader
from services.gateway.pages.kit.forms import FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
_PAGE = f"{ADDRESSES}/{{address_id:uuid}}"
_REASONS = ("reader_asked", "receiving_system_repaired", "entered_by_mistake", "other")


@router.get(_PAGE)
async def show_address(visitor: OfficerVisitor, address_id: UUID, done: Done = None) -> Response:
    """Show the address in part, and its history."""
    return await _page(visitor, address_id, done=done)


@router.post(_PAGE)
async def lift(visitor: OfficerVisitor, address_id: UUID, form: Posted) -> Response:
    """Have mail sent there again; pressed twice, it is done once."""
    require_reader(visitor)
    if not visitor.actor.has(Role.OPERATOR):
        raise Forbidden()
    if errors := missing_fields(visitor.lang, *form.empty("reason")):
        return await _page(visitor, address_id, errors)
    path = f"{SERVICE}/{address_id}/lift"
    answer = await visitor.service("notification").call("POST", path, form.given("reason"))
    if errors := answer.form_errors(visitor.lang, {"/reason": "reason"}):
        return await _page(visitor, address_id, errors)
    return redirect_to(f"{ADDRESSES}/{address_id}", done="lifted")


async def _page(
    visitor: Visitor, address_id: UUID, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    require_reader(visitor)
    found = (await visitor.service("notification").fetch(f"{SERVICE}/{address_id}")).body
    texts = PAGES[visitor.lang]["mail_addresses"]
    address = address_line(found["address"], visitor.lang)
    return render_page(
        visitor.request,
        "desk/mail_addresses/overview",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        address=address,
        last_message=f"{PATH}/{UUID(address['last_message_id'])}",
        history=[_entry(entry, texts) for entry in found["history"]],
        reasons=[(reason, texts[f"why_{reason}"], "") for reason in _REASONS],
        lifts=address["lifted_at"] is None and visitor.actor.has(Role.OPERATOR),
        done=done if done == "lifted" else None,
    )


def _entry(entry: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """A line of the history in words."""
    action, detail = entry["action"].partition(":")[2], entry["detail"]
    kind = "reason" if action == "suppress" else "why"
    return {
        "at": entry["at"],
        "text": texts.get(f"did_{action}", entry["action"]),
        "reason": texts.get(f"{kind}_{detail.get('reason')}", ""),
        "status": detail.get("status", ""),
        "actor_id": entry["actor_id"] if entry["actor_kind"] == "officer" else "",
    }
