"""`/oauth/authorize`: a person is asked whether an outside system may act for them (RFC 6749 §4.1.1). No scripts.

What may be asked, and where the browser goes back to, is registration's to say: nothing here builds an address.
"""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.consent_texts import TEXTS
from services.gateway.desk import Desk, TheDesk, outgoing_headers, within_limits
from services.gateway.pages import POLICY, PageLanguage, page
from services.gateway.upstream import ServiceDown
from shared.auth import public
from shared.errors import Unauthenticated
from shared.http import Lang, say

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

router = APIRouter(include_in_schema=False, dependencies=[public, Depends(within_limits)])


@router.get("/oauth/authorize")
async def ask(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """What the system wants to do. Nobody signed in, or not lately: that comes first, and then back here."""
    return await _as_signed_in(request, desk, lang, decided=False)


@router.post("/oauth/authorize")
async def decide(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Yes or no: the browser goes back to the outside system with a code, or with the refusal."""
    return await _as_signed_in(request, desk, lang, decided=True)


async def _as_signed_in(request: Request, desk: Desk, lang: Lang, *, decided: bool) -> Response:
    secret = desk.secret(request)
    if secret is None:
        return _first("/sign-in", request)
    form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10) if decided else {}
    if decided:
        desk.csrf.require(request, secret, form.get("csrf_token", [""])[0])
    if len(set(request.query_params)) != len(request.query_params.multi_items()):
        return _problem(lang, 400, [say(TEXTS["twice"], lang)])
    try:
        headers = outgoing_headers(request) | {
            "Authorization": f"Bearer {await desk.token(secret)}",
            "Accept-Language": lang,
        }
        previewed = await _registration(desk, f"{_PATH}/preview", request, headers)
        if not previewed.is_success:
            return _problem(lang, previewed.status_code, _messages(previewed))
        asked: dict[str, Any] = previewed.json()
        if asked["answer"]:
            return _away(asked["answer"])
        if not decided:
            return _shown(request, desk, lang, secret, asked) if asked["fresh"] else _first(_STEP_UP, request)
        if form.get("decision") != ["agree"]:
            return _away(asked["refusal"])
        agreed = await _registration(desk, _PATH, request, headers)
    except Unauthenticated:
        return _first("/sign-in", request)
    if agreed.is_success:
        return _away(agreed.json()["redirect_to"])
    if agreed.json().get("code") == "step-up-required":
        return _first(_STEP_UP, request)
    return _problem(lang, agreed.status_code, _messages(agreed))


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
    # With "no-referrer" a browser would send the form with `Origin: null`, like a stranger's.
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}
    values = {"asked": asked, "goes_to": back.netloc, "csrf_token": desk.csrf.token(secret), "problem": None}
    return page("consent", lang, headers=headers, w=_words(lang), **values)


def _problem(lang: Lang, status: int, messages: list[str]) -> Response:
    return page("consent", lang, status, w=_words(lang), problem=messages)


def _messages(answer: httpx.Response) -> list[str]:
    body = answer.json()
    named = [f"{error['pointer'].strip('/')}: {error['message']}" for error in body.get("errors", [])]
    return named or [body.get("detail") or body["title"]]


def _words(lang: Lang) -> dict[str, str]:
    return {name: say(text, lang) for name, text in TEXTS.items()}


def _first(path: str, request: Request) -> Response:
    here = f"{request.url.path}?{request.url.query}"
    return RedirectResponse(f"{path}?return_to={quote(here, safe='')}", 303)


def _away(url: str) -> Response:
    # Not to be sent again with the form's fields, and not to be told where it came from.
    return RedirectResponse(url, 303, headers={"Referrer-Policy": "no-referrer"})
