"""Orders about letters: given with a reason; one to drop all is approved or withdrawn by another operator."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.board.letters.listing import LETTERS, Service, letters_page, order_link
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OperatorVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
_SCOPES = ("letter", "group", "all")
_ACTIONS = ("replay", "drop")
_MARKS = ("letter_id", "error_type", "error", "event_type")
_ORDER = "/desk/board/{service}/letter-orders/{order_id:uuid}"


@router.get(f"{LETTERS}/order")
async def show_form(request: Request, visitor: OperatorVisitor, service: Service) -> Response:
    """Show what the order would be about, and ask for the action and the reason."""
    return _page(visitor, service, request.query_params, Form())


@router.post(f"{LETTERS}/order")
async def give_order(request: Request, visitor: OperatorVisitor, service: Service, form: Posted) -> Response:
    """Give the order; pressed twice, it is given once."""
    about = request.query_params
    if errors := missing_fields(visitor.lang, *form.empty("action", "why")):
        return _page(visitor, service, about, form, errors)
    marks = {name: about[name] for name in _MARKS if name in about}
    body = {"scope": about.get("scope", ""), **marks, "action": form["action"], "reason": form["why"]}
    path = f"/v1/{service}/operations/letter-orders"
    key = {"Idempotency-Key": str(form.key_of(body))}
    answer = await visitor.service(service).call("POST", path, body, headers=key, shown=("no-such-letters",))
    if errors := answer.form_errors(visitor.lang, {"/action": "action", "/reason": "why"}):
        return _page(visitor, service, about, form, errors)
    done = "proposed" if answer.body["status"] == "proposed" else "ordered"
    return redirect_to(LETTERS.format(service=service), done=done)


@router.post(f"{_ORDER}/approve")
async def approve_order(visitor: OperatorVisitor, service: Service, order_id: UUID, form: Posted) -> Response:
    """Approve another operator's proposal."""
    return await _step(visitor, service, order_id, form, "approve", "approved")


@router.post(f"{_ORDER}/withdraw")
async def withdraw_order(visitor: OperatorVisitor, service: Service, order_id: UUID, form: Posted) -> Response:
    """Withdraw a proposal."""
    return await _step(visitor, service, order_id, form, "withdraw", "withdrawn")


async def _step(visitor: Visitor, service: str, order_id: UUID, form: Form, step: str, done: str) -> Response:
    path = f"/v1/{service}/operations/letter-orders/{order_id}/{step}"
    key = {"Idempotency-Key": str(form.key_of(step))}
    answer = await visitor.service(service).call("POST", path, headers=key)
    if errors := answer.form_errors(visitor.lang):
        return await letters_page(visitor, service, errors=errors)
    return redirect_to(LETTERS.format(service=service), done=done)


def _page(
    visitor: Visitor, service: str, about: Mapping[str, str], form: Form, errors: FormErrors | None = None
) -> Response:
    scope = about.get("scope", "")
    if scope not in _SCOPES:
        raise NotFound()
    texts = PAGES[visitor.lang]["letters"]
    page = LETTERS.format(service=service)
    return render_page(
        visitor.request,
        "board/letters/ordering",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        service=service,
        page=page,
        target=order_link(page, scope, about),
        scope=texts[f"scope_{scope}"],
        is_all=scope == "all",
        about=[(texts[name], about[name]) for name in _MARKS if about.get(name)],
        actions=[(action, texts[f"action_{action}"], texts[f"hint_{action}"]) for action in _ACTIONS],
        action=form["action"],
        why=form["why"],
        labels={"action": texts["action"], "why": texts["why"]},
    )
