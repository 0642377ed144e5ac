"""`/desk/officers/invite`: an officer is invited, and gets a link by mail."""

from starlette.responses import Response

from services.gateway.pages.desk.officers.choices import PATH, offices, roles, ticked
from services.gateway.pages.kit.client import StepUpRequired
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.visitor import LongFormOfficer, OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
_FIELDS = ("name", "email", "office", "roles", "language", "staff_number")


@router.get(f"{PATH}/invite")
async def show_invitation(visitor: OfficerVisitor) -> Response:
    """Show the form."""
    _require_administrator(visitor)
    if not visitor.is_fresh:
        raise StepUpRequired()
    return _page(visitor, Form())


@router.post(f"{PATH}/invite")
async def invite(visitor: LongFormOfficer, form: LongForm) -> Response:
    """Invite the officer, once however often the button is pressed."""
    _require_administrator(visitor)
    if form["do"] == "language":
        return _page(visitor, form)
    needed = [*form.empty("name", "email", "office"), *([] if ticked(form) else ["roles"])]
    if needed:
        text = PAGES[visitor.lang]["steps"]["need"]
        return _page(visitor, form, FormErrors(422, tuple(Message(text, name) for name in needed)))
    if meant := meant_by(form):
        return _page(visitor, form, meant=meant)
    body = {name: form[name] for name in ("name", "email", "office")}
    sent = body | {"roles": ticked(form), "language": form["language"] or "ja"} | form.given("staff_number")
    answer = await visitor.registration.call(
        "POST", "/v1/officers", sent, headers={"Idempotency-Key": str(form.key_of("invite", sent))}
    )
    places = {f"/{name}": name for name in _FIELDS} | {"officer-known": "email", "own-account": "email"}
    if errors := answer.form_errors(visitor.lang, places):
        return _page(visitor, form, errors)
    return redirect_to(f"{PATH}/{answer.body['id']}", done="invite")


def _require_administrator(visitor: Visitor) -> None:
    if not visitor.actor.has(Role.ADMINISTRATOR):
        raise Forbidden()


def _page(visitor: Visitor, form: Form, errors: FormErrors | None = None, meant: str = "") -> Response:
    return render_page(
        visitor.request,
        "desk/officers/invite",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        meant=meant,
        form=form,
        chosen=ticked(form),
        offices=offices(visitor.lang),
        roles=roles(visitor.lang),
    )
