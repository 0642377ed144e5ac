"""Leaving mails of a topic by the link in one of them: by one click in a mail program (RFC 8058), or on the page."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from services.gateway.pages.public.certificate_link import path_segment
from shared.http import Lang

router = page_router()
_NOT_LISTED = {"X-Robots-Tag": "noindex"}
_PAGE = "/unsubscribe/{secret}"


@router.get(_PAGE)
async def show_unsubscribe(request: Request, lang: PageLanguage) -> Response:
    """Ask first: mail programs open links too."""
    return _page(request, lang)


@router.post(_PAGE)
async def unsubscribe(secret: str, request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Leave the mails. No session and no page of ours is needed: the link is the right, and mail programs send this."""
    service = ServiceClient("notification", Session(request, gateway, lang))
    answer = await service.call("POST", f"/v1/unsubscribe/{path_segment(secret)}")
    errors = answer.form_errors(lang)
    return _page(request, lang, done=errors is None, errors=errors)


def _page(request: Request, lang: Lang, *, done: bool = False, errors: FormErrors | None = None) -> Response:
    return render_page(request, "public/unsubscribe/unsubscribe", lang, headers=_NOT_LISTED, errors=errors, done=done)
