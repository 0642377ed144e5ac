"""The verification of a proof of pending application (受付証明), by anybody who holds its code."""

import re
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.text import BadValue, half_width

router = page_router()
Typed = Annotated[str | None, Query(max_length=2000)]
# What can be a code at all: everything else is not genuine without being asked about.
_CODE = re.compile(r"[A-Za-z0-9._-]{1,200}")
# The address of a result is nobody's business but that of those who have it.
_NOT_LISTED = {"X-Robots-Tag": "noindex"}


@router.get("/verify")
async def enter_code(request: Request, gateway: CurrentGateway, lang: PageLanguage, code: Typed = None) -> Response:
    """The form for a code; the code that was typed into it leads on to its result."""
    if code is None:
        return _form(request, lang)
    plain = _plain(code)
    if not plain:
        return _form(request, lang, FormErrors.on(PAGES[lang]["verification"]["need_code"], "code"))
    if not _CODE.fullmatch(plain):
        return await _result(request, gateway, lang, "")
    return redirect_to(f"/verify/{quote(plain, safe='')}")


@router.get("/verify/{code:path}")
async def show_result(request: Request, gateway: CurrentGateway, lang: PageLanguage, code: str) -> Response:
    """Whether a code is genuine and its application pending now. Nothing of the person is shown."""
    plain = _plain(code)
    return await _result(request, gateway, lang, plain if _CODE.fullmatch(plain) else "")


def _plain(typed: str) -> str:
    """The code as it was issued: in half width, without spaces, and without the address that the QR code has."""
    try:
        return re.sub(r"\s", "", half_width(typed)).rpartition("/verify/")[2]
    except BadValue:
        return typed.strip()


def _form(request: Request, lang: Lang, errors: FormErrors | None = None) -> Response:
    return render_page(request, "public/verification/form", lang, errors=errors)


async def _result(request: Request, gateway: Gateway, lang: Lang, code: str) -> Response:
    service = ServiceClient("application", Session(request, gateway, lang))
    # A code that cannot be one is asked about too: every answer takes the same way.
    found = (await service.fetch(f"/v1/proofs/{code or '-'}")).body
    now = gateway.clock.now()
    end = found["special_period_end"]
    return render_page(
        request,
        "public/verification/result",
        lang,
        headers=_NOT_LISTED,
        found=found,
        now=now,
        special_over=bool(found["pending"] and end and date.fromisoformat(end) < legal_date(now)),
    )
