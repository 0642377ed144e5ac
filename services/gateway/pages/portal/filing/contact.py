"""The contact of a draft: email address and language in which the applicant is informed of the progress."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.draft import CONTACT, Draft, find_draft, not_saved
from services.gateway.pages.portal.filing.steps import step_after, steps_of
from services.gateway.texts import PAGES
from shared.languages import known

router = page_router()
PATH = "/applications/{application_id:uuid}/notify"


@router.get(PATH)
async def show_contact(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show address and language."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    notify = draft.view["notify"]
    return _page(draft, Form({"email": notify["email"] or "", "language": notify["language"]}))


@router.post(PATH)
async def save_contact(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Save address and language."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    if not form["email"].strip() and form["do"] != "back":
        return _page(draft, form, FormErrors.on(PAGES[visitor.lang]["filing"]["need_email"], "email"))
    if meant := meant_by(form):
        return _page(draft, form, meant=meant)
    answer = await draft.change(
        {"notify": {"email": form["email"].strip() or None, "language": known(form["language"])}}
    )
    if answer.ok:
        return redirect_to(draft.path if form["do"] == "back" else step_after(draft, CONTACT))
    errors = answer.form_errors(visitor.lang, {"/notify/email": "email", "/notify/language": "language"})
    return _page(draft, form, errors or not_saved(answer, visitor.lang))


def _page(draft: Draft, form: Form, errors: FormErrors | None = None, *, meant: str = "") -> Response:
    texts = PAGES[draft.lang]["filing"]
    return render_page(
        draft.visitor.request,
        "portal/filing/contact",
        draft.lang,
        visitor=draft.visitor,
        errors=errors,
        draft=draft,
        values=form,
        meant=meant,
        steps=steps_of(draft),
        labels={"email": texts["email"], "language": texts["language"]},
    )
