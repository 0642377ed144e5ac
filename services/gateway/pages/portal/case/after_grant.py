"""Pages after the decision: fee, what to send and where with labels, the certificate, or a refusal."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.case.notices import conditions_of, find_notices
from services.gateway.pages.portal.case.payment import find_payment, is_paid_online
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.reference.after_grant import old_card_needed

router = page_router()
CARRIERS = ("letter_pack_plus", "letter_pack_light", "simplified_registered_mail", "registered_mail")
_FIELDS = {
    "/carrier": "carrier",
    "/tracking_number": "tracking_number",
    "/fee_reference": "fee_reference",
    "/residence_card_enclosed": "residence_card_enclosed",
}


@router.get(f"{PATH}/after-grant")
async def show_after_grant(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show the next steps; before the decision, the case page."""
    filed = await find_filed(visitor, application_id)
    if filed is None or not filed.view["outcome"]:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await _page(filed)


@router.post(f"{PATH}/after-grant")
async def record_dispatch(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Record that the fee is paid and the old card is in the mail."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    texts = PAGES[filed.lang]["case"]
    enclosed = form["residence_card_enclosed"] or not old_card_needed(filed.view["procedure"])
    missing = [
        *([] if form["tracking_number"].strip() else [Message(texts["sent_need_tracking"], "tracking_number")]),
        *([] if enclosed else [Message(texts["sent_need_enclosed"], "residence_card_enclosed")]),
    ]
    if missing:
        return await _page(filed, form, FormErrors(422, tuple(missing)))
    body: dict[str, Any] = {name: form[name] for name in ("carrier", "tracking_number")}
    body |= form.given("fee_reference")
    body["residence_card_enclosed"] = form["residence_card_enclosed"] == "yes"
    answer = await filed.change("card-materials", body, form)
    if errors := answer.form_errors(filed.lang, _FIELDS):
        return await _page(filed, form, errors)
    return redirect_to(filed.path, done="sent")


@router.get(f"{PATH}/after-grant/labels")
async def show_labels(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show the labels and the checklist, to be printed."""
    filed = await find_filed(visitor, application_id)
    found = await _read(filed) if filed else None
    if filed is None or found is None or found["send_to"] is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    addresses = (await filed.read("address"))["items"]
    form = filed.view["form"]
    return render_page(
        filed.visitor.request,
        "portal/case/labels",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        found=found,
        address=addresses[-1],
        postal_code=_hyphened(addresses[-1]["postal_code"] or form.get("jp_postal") or ""),
        scripts=("print.js",),
    )


async def _read(filed: Filed) -> Mapping[str, Any] | None:
    """The next steps; None before the decision."""
    if not filed.view["outcome"]:
        return None
    found: Mapping[str, Any] = await filed.read("after-grant")
    return found


def _hyphened(postal_code: str) -> str:
    """A postal code as it stands on a label."""
    digits = postal_code.replace("-", "")
    return f"{digits[:3]}-{digits[3:]}" if digits else ""


async def _page(filed: Filed, form: Form | None = None, errors: FormErrors | None = None) -> Response:
    found = await _read(filed)
    if found is None:
        return redirect_to(filed.path)
    payment, notices = await asyncio.gather(find_payment(filed), find_notices(filed))
    return render_page(
        filed.visitor.request,
        "portal/case/after_grant",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        found=found,
        pays_online=is_paid_online(payment),
        conditions=conditions_of(filed, notices),
        form=form or Form({"carrier": CARRIERS[0]}),
        carriers=CARRIERS,
        old_card=old_card_needed(filed.view["procedure"]),
    )
