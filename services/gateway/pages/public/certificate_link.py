"""A certificate for somebody who got its link and has no account: opened with the holder's date of birth."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.edge.sign_in import check_sign_in_attempt
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.forms import FormErrors, Message, Posted
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from services.gateway.texts import PAGES
from shared.http import Lang

router = page_router()
# The address of a certificate is nobody's business but that of those who have it.
_NOT_LISTED = {"X-Robots-Tag": "noindex"}
_FIELDS = {"/birth_date": "birth_date"}


@router.get("/certificate/{secret}")
async def show_certificate(secret: str, request: Request, lang: PageLanguage) -> Response:
    """Ask for the date of birth: opening a link does nothing, because mail programs open links too."""
    return _page(request, lang)


@router.post("/certificate/{secret}")
async def open_certificate(
    secret: str, request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted
) -> Response:
    """Show the certificate, hand out its PDF, or acknowledge it, each with the date of birth."""
    await check_sign_in_attempt(request, gateway)
    if form.empty("birth_date"):
        need = PAGES[lang]["certificate_link"]["need_birth_date"]
        return _page(request, lang, errors=FormErrors.on(need, "birth_date"))
    service = ServiceClient("application", Session(request, gateway, lang))
    path, body = f"/v1/certificate-links/{path_segment(secret)}", {"birth_date": form["birth_date"]}
    if form["do"] == "file":
        found = await service.file_for(path + "/file", body)
        if not isinstance(found, Answer):
            kept = {"Content-Disposition": found.headers["Content-Disposition"]} | _NOT_LISTED
            return Response(found.content, media_type="application/pdf", headers=kept)
        answer = found
    else:
        answer = await service.call("POST", path + ("/receipt" if form["do"] == "receipt" else ""), body)
    if errors := answer.form_errors(lang, _FIELDS):
        if answer.code == "wrong-birth-date":
            errors = FormErrors(errors.status, (Message(errors.messages[0].text, "birth_date"),))
        return _page(request, lang, errors=errors, over=answer.status == 404)
    return _page(request, lang, found=answer.body, birth_date=form["birth_date"], taken=form["do"] == "receipt")


def _page(
    request: Request,
    lang: Lang,
    *,
    errors: FormErrors | None = None,
    over: bool = False,
    found: Any = None,
    birth_date: str = "",
    taken: bool = False,
) -> Response:
    return render_page(
        request,
        "public/certificate_link/certificate_link",
        lang,
        headers=_NOT_LISTED,
        errors=errors,
        over=over,
        found=found,
        birth_date=birth_date,
        taken=taken,
    )


def path_segment(secret: str) -> str:
    """A secret is one path segment of URL-safe characters; anything else opens nothing."""
    return secret if secret.replace("-", "").replace("_", "").isalnum() and secret.isascii() else "invalid"
