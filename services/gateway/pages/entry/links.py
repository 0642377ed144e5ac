"""Where the links of mails lead: setting a password, confirming a mail address."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.shown_once import keep, kept
from shared.http import Lang

router = page_router()
_NOTE = "link"


@router.get("/password/{token}")
async def password_form(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Choose a password; for who has just done so, under which login id."""
    if login_id := kept(request, desk, _NOTE, token):
        return page(request, "entry/links/password", lang, script=True, login_id=login_id, done=True, over=None)
    over = await _over(request, desk, lang, f"/v1/password-links/{_segment(token)}")
    return page(request, "entry/links/password", lang, script=True, trouble=over, login_id=None, done=False, over=over)


@router.post("/password/{token}")
async def password_chosen(token: str, request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Set it, and say under which login id."""
    admitted(request, desk)
    trouble, over = missing(lang, *form.empty("password")), None
    if trouble is None:
        path = f"/v1/password-links/{_segment(token)}"
        answer = await ServiceClient("registration", Session(request, desk, lang)).call(
            "POST", path, {"password": form["password"]}
        )
        if answer.ok:
            return _done(desk, f"/password/{token}", token, answer.body["login_id"])
        trouble = answer.trouble(lang, {"/password": "password"})
        over = trouble if answer.status == 404 else None
    return page(
        request, "entry/links/password", lang, script=True, trouble=trouble, login_id=None, done=False, over=over
    )


@router.get("/email/{token}")
async def email_form(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Opening a link changes nothing, because mail programs open links too."""
    done = bool(kept(request, desk, _NOTE, token))
    over = None if done else await _over(request, desk, lang, f"/v1/email-links/{_segment(token)}")
    return page(request, "entry/links/email", lang, trouble=over, done=done, over=over)


@router.post("/email/{token}")
async def email_confirmed(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Take over the new address."""
    admitted(request, desk)
    answer = await ServiceClient("registration", Session(request, desk, lang)).call(
        "POST", f"/v1/email-links/{_segment(token)}"
    )
    if answer.ok:
        return _done(desk, f"/email/{token}", token, "changed")
    trouble = answer.trouble(lang)
    return page(request, "entry/links/email", lang, trouble=trouble, done=False, over=trouble)


@router.get("/register/confirm/{token}")
async def confirmation_form(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """For who signs in at the identity provider, and needs no password."""
    login_id = kept(request, desk, _NOTE, token)
    token = _segment(token)
    over = None if login_id else await _over(request, desk, lang, f"/v1/password-links/{token}")
    values = {"token": token, "login_id": login_id, "done": bool(login_id), "over": over}
    return page(request, "entry/links/confirmation", lang, trouble=over, **values)


@router.post("/register/confirm/{token}")
async def confirmed(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Confirm the mail address, and say under which login id."""
    admitted(request, desk)
    token = _segment(token)
    answer = await ServiceClient("registration", Session(request, desk, lang)).call(
        "POST", f"/v1/password-links/{token}/confirm"
    )
    if answer.ok:
        return _done(desk, f"/register/confirm/{token}", token, answer.body["login_id"])
    trouble = answer.trouble(lang)
    return page(
        request, "entry/links/confirmation", lang, trouble=trouble, token=token, login_id=None, done=False, over=trouble
    )


async def _over(request: Request, desk: Desk, lang: Lang, path: str) -> Trouble | None:
    """Why the link cannot be used, told before anything is filled in; None where it can."""
    return (await ServiceClient("registration", Session(request, desk, lang)).call("GET", path)).trouble(lang)


def _done(desk: Desk, path: str, token: str, note: str) -> Response:
    """On to the page that says so, which can be reloaded: the link itself is used up."""
    response = see(path)
    keep(response, desk, _NOTE, token, note)
    return response


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() else "invalid"
