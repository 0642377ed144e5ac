"""Signing in and out."""

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted, end_session
from services.gateway.pages.entry.second_step import entered, half_way
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, Posted, Trouble
from services.gateway.pages.kit.frame import Done, PageLanguage, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.proofs import credential
from services.gateway.pages.kit.return_to import ReturnTo
from services.gateway.pages.kit.visitor import CurrentVisitor
from shared.http import Lang

router = page_router()
_FIELDS = {"/login_id": "login_id", "/password": "password", "sign-in-failed": "login_id"}


@router.get("/sign-in")
async def sign_in_form(
    request: Request, desk: TheDesk, lang: PageLanguage, back: ReturnTo, done: Done = None
) -> Response:
    """Login id and password, or another way in."""
    return _form(request, desk, lang, back, done=done)


@router.post("/sign-in")
async def sign_in(request: Request, desk: TheDesk, lang: PageLanguage, back: ReturnTo, form: Posted) -> Response:
    """The first step, or a passkey, which is both."""
    headers = admitted(request, desk)
    if form["passkey"]:
        answer = await desk.sessions.open_with_passkey(credential(form["passkey"]), headers, desk.held_session(request))
    elif trouble := missing(lang, *form.empty("login_id", "password")):
        return _form(request, desk, lang, back, form, trouble)
    else:
        answer = await desk.sessions.open(form["login_id"], form["password"], headers, desk.held_session(request))
    if answer.status_code == 201:
        return entered(answer, desk, back)
    if answer.status_code == 200:
        return half_way(answer, desk, back)
    return _form(request, desk, lang, back, form, Answer.of(answer).trouble(lang, _FIELDS))


@router.get("/sign-out")
async def sign_out_form(request: Request, visitor: CurrentVisitor) -> Response:
    """Asks once more, for who came by a link."""
    return page(request, "entry/sign_in/sign_out", visitor.lang, visitor=visitor)


@router.post("/sign-out")
async def sign_out(request: Request, visitor: CurrentVisitor) -> RedirectResponse:
    """End the session."""
    response = see("/sign-in", done="signed-out")
    await end_session(request, response, visitor.desk)
    return response


def _form(
    request: Request,
    desk: Desk,
    lang: Lang,
    back: str,
    form: Form | None = None,
    trouble: Trouble | None = None,
    done: str | None = None,
) -> Response:
    return page(
        request,
        "entry/sign_in/sign_in",
        lang,
        script=True,
        trouble=trouble,
        login_id=form["login_id"] if form else "",
        back=back,
        done=done if done in ("signed-out", "ended", "again") else None,
        identity=desk.settings.identity_names[lang],
    )
