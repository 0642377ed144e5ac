"""Where the links of mails lead: setting a password, confirming a mail address."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.desk import TheDesk
from services.gateway.pages.asking import ask
from services.gateway.pages.forms import Posted
from services.gateway.pages.frame import PageLanguage, page, page_router
from services.gateway.signing_in import admitted

router = page_router()


@router.get("/password/{token}")
async def password_form(token: str, request: Request, lang: PageLanguage) -> Response:
    """Choose a password."""
    return page(request, "password", lang, login_id=None, done=False)


@router.post("/password/{token}")
async def password_chosen(token: str, request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Set it, and say under which login id."""
    admitted(request, desk)
    path = f"/v1/password-links/{_segment(token)}"
    answer = await ask(request, desk, lang, "POST", path, {"password": form["password"]})
    trouble = answer.trouble(lang, {"/password": "password"})
    return page(request, "password", lang, trouble=trouble, login_id=answer.body.get("login_id"), done=answer.ok)


@router.get("/email/{token}")
async def email_form(token: str, request: Request, lang: PageLanguage) -> Response:
    """Opening a link changes nothing, because mail programs open links too."""
    return page(request, "email_link", lang, done=False)


@router.post("/email/{token}")
async def email_confirmed(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Take over the new address."""
    admitted(request, desk)
    answer = await ask(request, desk, lang, "POST", f"/v1/email-links/{_segment(token)}")
    return page(request, "email_link", lang, trouble=answer.trouble(lang), done=answer.ok)


@router.get("/register/confirm/{token}")
async def confirmation_form(token: str, request: Request, lang: PageLanguage) -> Response:
    """For who signs in at the identity provider, and needs no password."""
    return page(request, "register_confirm", lang, token=_segment(token), login_id=None, done=False)


@router.post("/register/confirm/{token}")
async def confirmed(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Confirm the mail address, and say under which login id."""
    admitted(request, desk)
    token = _segment(token)
    answer = await ask(request, desk, lang, "POST", f"/v1/password-links/{token}/confirm")
    login_id, trouble = answer.body.get("login_id"), answer.trouble(lang)
    return page(request, "register_confirm", lang, trouble=trouble, token=token, login_id=login_id, done=answer.ok)


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() else "invalid"
