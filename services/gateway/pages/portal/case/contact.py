"""Contact for news of a filed application, and the applicant's address after a move."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.names import office_name
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.shown import APPLICATIONS

router = page_router()
_CONTACT = {"/email": "email", "/language": "language"}
_ADDRESS = {"/postal_code": "postal_code", "/address": "address", "/lives_there_from": "lives_there_from"}


@router.get(f"{PATH}/contact")
async def show_contact(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show where news goes, and the addresses that are recorded."""
    filed = await find_filed(visitor, application_id)
    if filed is None or filed.is_over:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await _page(filed)


@router.post(f"{PATH}/contact")
async def change_contact(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Change the contact, or record a new address."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    if form["do"] == "contact" and (meant := meant_by(form)):
        return await _page(filed, form, meant=meant)
    if form["do"] == "address":
        body: dict[str, Any] = {"address": form["address"], "lives_there_from": form["lives_there_from"]}
        body |= form.given("postal_code")
        errors = (await filed.change("address", body, form)).form_errors(filed.lang, _ADDRESS)
    else:
        body = {"email": form["email"], "language": form["language"]}
        errors = (await filed.change("contact", body, form)).form_errors(filed.lang, _CONTACT)
    if errors:
        return await _page(filed, form, errors)
    return redirect_to(filed.path, done="address" if form["do"] == "address" else "contact")


async def _page(filed: Filed, form: Form | None = None, errors: FormErrors | None = None, meant: str = "") -> Response:
    addresses = (await filed.read("address"))["items"]
    notify = filed.view["notify"]
    # What was typed stays, in the part where it was typed.
    typed = form or Form()
    return render_page(
        filed.visitor.request,
        "portal/case/contact",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        meant=meant,
        form=typed,
        email=typed["email"] if typed["do"] == "contact" else notify["email"],
        language=typed["language"] if typed["do"] == "contact" else notify["language"],
        addresses=[(one, office_name(one["office"], filed.lang)) for one in addresses],
    )
