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
    if trouble is None:
        return page(request, "password", lang, login_id=answer.body.get("login_id"), done=True)
    return page(request, "password", lang, trouble.status, trouble=trouble, login_id=None, done=False)


@router.get("/email/{token}")
async def email_form(token: str, request: Request, lang: PageLanguage) -> Response:
    """Opening a link changes nothing, because mail programs open links too."""
    return page(request, "email_link", lang, done=False)


@router.post("/email/{token}")
async def email_confirmed(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Take over the new address."""
    admitted(request, desk)
    answer = await ask(request, desk, lang, "POST", f"/v1/email-links/{_segment(token)}")
    trouble = answer.trouble(lang)
    if trouble is None:
        return page(request, "email_link", lang, done=True)
    return page(request, "email_link", lang, trouble.status, trouble=trouble, done=False)


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() else "invalid"
