"""`/desk/payments`: differences from the payment provider's files, money to give back, notices that were refused."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.queue import officer_names
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
PAYMENTS = "/desk/payments"
_DONE = ("resolved", "proposed", "approved", "declined")


@router.get(PAYMENTS)
async def show_payments(request: Request, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the payments to look into."""
    return await _page(request, visitor, done=done)


@router.post(f"{PAYMENTS}/differences/{{difference_id:uuid}}")
async def resolve(request: Request, difference_id: UUID, visitor: OfficerVisitor, form: Posted) -> Response:
    """Write down what a difference was."""
    return await _take(request, visitor, form, f"differences/{difference_id}/resolution", "note", "resolved")


@router.post(f"{PAYMENTS}/receipts/{{receipt_id:uuid}}")
async def propose(request: Request, receipt_id: UUID, visitor: OfficerVisitor, form: Posted) -> Response:
    """Propose to give money back: by the provider, or otherwise where it refused."""
    way = {"way": "otherwise"} if form["do"] == "otherwise" else {}
    return await _take(request, visitor, form, f"receipts/{receipt_id}/refund", "reason", "proposed", way)


@router.post(f"{PAYMENTS}/refunds/{{refund_id:uuid}}")
async def decide(request: Request, refund_id: UUID, visitor: OfficerVisitor, form: Posted) -> Response:
    """Approve a refund, or refuse it with a note."""
    approve = form["do"] == "approve"
    body = {"approve": approve, "note": form["note"].strip() or None}
    field = f"note-{refund_id}"
    return await _send(
        request,
        visitor,
        form,
        f"refunds/{refund_id}/decision",
        body,
        {"/note": field},
        "approved" if approve else "declined",
    )


async def _take(
    request: Request,
    visitor: Visitor,
    form: Form,
    route: str,
    name: str,
    done: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    field = f"{name}-{route.split('/')[1]}"
    if form.empty(name):
        message = Message(PAGES[visitor.lang]["payments"]["need"], field)
        return await _page(request, visitor, form, FormErrors(422, (message,)))
    return await _send(request, visitor, form, route, {name: form[name], **more}, {f"/{name}": field}, done)


async def _send(
    request: Request,
    visitor: Visitor,
    form: Form,
    route: str,
    body: Mapping[str, Any],
    places: Mapping[str, str],
    done: str,
) -> Response:
    answer = await visitor.service("review").call(
        "POST", f"/v1/payment-desk/{route}", body, headers={"Idempotency-Key": str(form.key_of(route, body))}
    )
    if errors := answer.form_errors(visitor.lang, places):
        return await _page(request, visitor, form, errors)
    return redirect_to(PAYMENTS, done=done)


async def _page(
    request: Request,
    visitor: Visitor,
    form: Form | None = None,
    errors: FormErrors | None = None,
    done: str | None = None,
) -> Response:
    if not visitor.actor.has(Role.CARD_OFFICE, Role.AUDITOR):
        raise Forbidden()
    answer = await visitor.service("review").call("GET", "/v1/payment-desk")
    if answer.status == 403:
        raise Forbidden()
    if not answer.ok:
        raise ServiceDown()
    names = await officer_names(visitor)
    return render_page(
        request,
        "desk/payments/payments",
        visitor.lang,
        visitor=visitor,
        found=answer.body,
        names=names,
        own_id=str(visitor.actor.id),
        acts=visitor.actor.has(Role.CARD_OFFICE),
        form=form or Form(),
        errors=errors,
        done=PAGES[visitor.lang]["payments"][f"done_{done}"] if done in _DONE else "",
    )
