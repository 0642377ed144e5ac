"""Signing in and out."""

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge.caller import caller_of
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt, end_session
from services.gateway.pages.entry.second_step import after_sign_in, to_second_step
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.proofs import read_credential
from services.gateway.pages.kit.return_to import ReturnTo
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.kit.words import say
from shared.http import Lang

router = page_router()
_FIELDS = {"/login_id": "login_id", "/password": "password", "sign-in-failed": "login_id"}


@router.get("/sign-in")
async def show_sign_in(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, back: ReturnTo, done: Done = None
) -> Response:
    """Ask for login id and password, or offer another way to sign in."""
    return _form(request, gateway, lang, back, done=done)


@router.post("/sign-in")
async def sign_in(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, back: ReturnTo, form: Posted
) -> Response:
    """Take the first step, or a passkey, which is both."""
    headers = await check_sign_in_attempt(request, gateway)
    if form["passkey"]:
        answer = await gateway.sessions.open_with_passkey(
            read_credential(form["passkey"]), headers, gateway.held_session(request)
        )
    elif errors := missing_fields(lang, *form.empty("login_id", "password")):
        return _form(request, gateway, lang, back, form, errors)
    else:
        answer = await gateway.sessions.open(form["login_id"], form["password"], headers, gateway.held_session(request))
    if answer.status_code == 201:
        return after_sign_in(answer, gateway, back)
    if answer.status_code == 200:
        return to_second_step(answer, gateway, back)
    return _form(request, gateway, lang, back, form, Answer.of(answer).form_errors(lang, _FIELDS))


@router.get("/sign-out")
async def show_sign_out(request: Request, visitor: CurrentVisitor) -> Response:
    """Ask for confirmation of a person who came by a link."""
    return render_page(request, "entry/sign_in/sign_out", visitor.lang, visitor=visitor)


@router.post("/sign-out")
async def sign_out(request: Request, visitor: CurrentVisitor) -> RedirectResponse:
    """End the session."""
    response = redirect_to("/sign-in", done="signed-out")
    await end_session(request, response, visitor.gateway)
    return response


def _form(
    request: Request,
    gateway: Gateway,
    lang: Lang,
    back: str,
    form: Form | None = None,
    errors: FormErrors | None = None,
    done: str | None = None,
) -> Response:
    place = caller_of(request).place
    return render_page(
        request,
        "entry/sign_in/sign_in",
        lang,
        scripts=("passkeys.js",),
        errors=errors,
        login_id=form["login_id"] if form else "",
        refused_here=place.people is not None,
        # Nobody else has to read it: it stands beside a mistake alone.
        officers_elsewhere=errors is not None and place.officers is not None and place.people is None,
        back=back,
        done=done if done in ("signed-out", "ended", "again") else None,
        identity=say(gateway.settings.identity_names, lang),
    )
