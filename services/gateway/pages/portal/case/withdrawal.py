"""Withdrawal of a filed application: what it means, the reason, and a confirmation."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.consequence import consequence_of
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES

router = page_router()


@router.get(f"{PATH}/withdrawal")
async def show_withdrawal(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Say what a withdrawal means, and ask for the reason."""
    filed = await find_filed(visitor, application_id)
    if filed is None or not filed.is_open:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return _page(filed)


@router.post(f"{PATH}/withdrawal")
async def withdraw(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Withdraw the application. Where a decision was made at the same moment, the page says so."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    texts = PAGES[filed.lang]["case"]
    missing = [
        *([] if form["reason"].strip() else [Message(texts["withdraw_need_reason"], "reason")]),
        *([] if form["confirmed"] else [Message(texts["withdraw_need_confirm"], "confirmed")]),
    ]
    if missing:
        return _page(filed, form, FormErrors(422, tuple(missing)))
    answer = await filed.change("withdraw", {"reason": form["reason"]}, form)
    if errors := answer.form_errors(filed.lang, {"/reason": "reason"}):
        return _page(filed, form, errors)
    return redirect_to(filed.path, done="withdrawn")


def _page(filed: Filed, form: Form | None = None, errors: FormErrors | None = None) -> Response:
    return render_page(
        filed.visitor.request,
        "portal/case/withdrawal",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        form=form or Form(),
        stay_expiry=filed.view["stay_expiry"],
        consequence=consequence_of(filed.view["procedure"], filed.view["stay_expiry"], filed.visitor.today, filed.lang),
    )
