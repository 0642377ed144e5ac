"""Paying the fee online: what it costs, the number to pay with or the page to pay on, and the receipt."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES

router = page_router()
_DOWN = "payment-provider-unavailable"


async def find_payment(filed: Filed) -> Mapping[str, Any] | None:
    """The fee of a granted application and how it is paid online; None where review has nothing of it, or is down."""
    try:
        answer = await filed.visitor.service("review").call("GET", f"/v1/payments/{filed.id}", shown=("not-found",))
    except ServiceDown:
        return None
    return answer.body if answer.ok else None


def is_paid_online(payment: Mapping[str, Any] | None) -> bool:
    """Whether there is anything to pay online, or anything was."""
    return payment is not None and bool(payment["offers"] or payment["receipts"])


@router.get(f"{PATH}/payment")
async def show_payment(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show what to pay and how; where nothing is paid online, the steps after the decision."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await _page(filed)


@router.post(f"{PATH}/payment")
async def order_payment(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Order to pay in the chosen way. Nothing is paid by it."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    if not form["method"]:
        return await _page(filed, form, FormErrors(422, (Message(PAGES[filed.lang]["case"]["pay_need"], "method"),)))
    body = {"method": form["method"]}
    answer = await filed.visitor.service("review").call(
        "POST",
        f"/v1/payments/{filed.id}",
        body,
        headers={"Idempotency-Key": str(form.key_of(body))},
        shown=(_DOWN,),
    )
    if errors := answer.form_errors(filed.lang, {"/method": "method"}):
        return await _page(filed, form, errors)
    return redirect_to(f"{filed.path}/payment")


@router.get(f"{PATH}/payment/receipt")
async def show_receipt(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show what was paid online, to be printed."""
    filed = await find_filed(visitor, application_id)
    payment = await find_payment(filed) if filed else None
    if filed is None or payment is None or not payment["receipts"]:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    paid = next((order for order in payment["orders"] if order["state"] == "paid"), None)
    return render_page(
        filed.visitor.request,
        "portal/case/payment_receipt",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        payment=payment,
        paid=paid,
        scripts=("print.js",),
    )


async def _page(filed: Filed, form: Form | None = None, errors: FormErrors | None = None) -> Response:
    payment = await find_payment(filed)
    if payment is None or not is_paid_online(payment):
        return redirect_to(f"{filed.path}/after-grant" if filed.view["outcome"] else filed.path)
    newest = payment["orders"][0] if payment["orders"] else None
    return render_page(
        filed.visitor.request,
        "portal/case/payment",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        payment=payment,
        order=newest if newest and newest["state"] == "open" else None,
        ended=newest if newest and newest["state"] in ("expired", "cancelled") else None,
        form=form or Form(),
        errors=errors,
    )
