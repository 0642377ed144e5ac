"""`/oauth/authorize`: a person is asked whether an outside system may act for them (RFC 6749 §4.1.1). No scripts.

What may be asked, and where the browser goes back to, is registration's to say: nothing here builds an address.
"""

from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.desk import Desk, TheDesk, outgoing_headers
from services.gateway.pages.forms import Form, Posted
from services.gateway.pages.frame import POLICY, PageLanguage, page, page_router
from services.gateway.texts import PAGES
from services.gateway.upstream import ServiceDown
from shared.errors import Unauthenticated
from shared.http import Lang

_PATH = "/v1/accounts/me/authorizations"
_STEP_UP = "/account/step-up"
_PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)

router = page_router()


@router.get("/oauth/authorize")
async def ask(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """What the system wants to do. Nobody signed in, or not lately: that comes first, and then back here."""
    return await _as_signed_in(request, desk, lang, None)


@router.post("/oauth/authorize")
async def decide(request: Request, desk: TheDesk, lang: PageLanguage, form: Posted) -> Response:
    """Yes or no: the browser goes back to the outside system with a code, or with the refusal."""
    return await _as_signed_in(request, desk, lang, form)


async def _as_signed_in(request: Request, desk: Desk, lang: Lang, form: Form | None) -> Response:
    secret = desk.secret(request)
    if secret is None:
        return _first("/sign-in", request)
    if form is not None:
        desk.csrf.require(request, secret, form["csrf_token"])
    if len(set(request.query_params)) != len(request.query_params.multi_items()):
        return _problem(request, lang, 400, [PAGES[lang]["consent_twice"]])
    try:
        headers = outgoing_headers(request) | {
            "Authorization": f"Bearer {await desk.token(secret)}",
            "Accept-Language": lang,
        }
        previewed = await _registration(desk, f"{_PATH}/preview", request, headers)
        if not previewed.is_success:
            return _problem(request, lang, previewed.status_code, _messages(previewed))
        asked: dict[str, Any] = previewed.json()
        if asked["answer"]:
            return _away(asked["answer"])
        if form is None:
            return _shown(request, desk, lang, secret, asked) if asked["fresh"] else _first(_STEP_UP, request)
        if form["decision"] != "agree":
            return _away(asked["refusal"])
        agreed = await _registration(desk, _PATH, request, headers)
    except Unauthenticated:
        return _first("/sign-in", request)
    if agreed.is_success:
        return _away(agreed.json()["redirect_to"])
    if agreed.json().get("code") == "step-up-required":
        return _first(_STEP_UP, request)
    return _problem(request, lang, agreed.status_code, _messages(agreed))


async def _registration(desk: Desk, path: str, request: Request, headers: dict[str, str]) -> httpx.Response:
    """Registration's answer to the request in the address. Raises `Unauthenticated` and `ServiceDown`."""
    asked = {name: value for name, value in request.query_params.items() if name in _PARAMETERS}
    body = {"response_type": ""} | asked
    answer = await desk.upstreams.call("registration", "POST", path, json=body, headers=headers)
    if answer.status_code == 401:
        raise Unauthenticated()
    if answer.status_code >= 500:
        raise ServiceDown()
    return answer


def _shown(request: Request, desk: Desk, lang: Lang, secret: str, asked: dict[str, Any]) -> Response:
    back = urlsplit(asked["refusal"])
    # Browsers hold a form to `form-action` where it is redirected to, too.
    policy = POLICY.replace("form-action 'self'", f"form-action 'self' {back.scheme}://{back.netloc}")
    headers = {"Content-Security-Policy": policy}
    values = {"asked": asked, "goes_to": back.netloc, "csrf_token": desk.csrf.token(secret), "problem": None}
    return page(request, "consent", lang, headers=headers, **values)


def _problem(request: Request, lang: Lang, status: int, messages: list[str]) -> Response:
    return page(request, "consent", lang, status, problem=messages)


def _messages(answer: httpx.Response) -> list[str]:
    body = answer.json()
    named = [f"{error['pointer'].strip('/')}: {error['message']}" for error in body.get("errors", [])]
    return named or [body.get("detail") or body["title"]]


def _first(path: str, request: Request) -> Response:
    here = f"{request.url.path}?{request.url.query}"
    return RedirectResponse(f"{path}?return_to={quote(here, safe='')}", 303)


def _away(url: str) -> Response:
    # Not to be sent again with the form's fields, and not to be told where it came from.
    return RedirectResponse(url, 303, headers={"Referrer-Policy": "no-referrer"})
