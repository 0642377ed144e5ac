"""`/oauth/authorize`: a person is asked whether an outside system may act for them (RFC 6749 §4.1.1). No scripts.

What may be asked, and where the browser goes back to, is registration's to say: nothing here builds an address.
"""

from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge.context import Desk, TheDesk
from services.gateway.pages.kit.client import Answer, ProveAgain, ServiceClient, Session
from services.gateway.pages.kit.forms import Form, Posted
from services.gateway.pages.kit.frame import POLICY, PageLanguage, page, page_router, see
from services.gateway.pages.kit.return_to import this_page
from services.gateway.texts import PAGES
from shared.errors import Unauthenticated
from shared.http import Lang
from shared.origins import origin_of

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
async def show(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
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
        return _problem(request, lang, 400, [PAGES[lang]["consent"]["twice"]])
    try:
        token = await desk.token(secret)
        previewed = await _registration(request, desk, lang, f"{_PATH}/preview", token)
        if not previewed.ok:
            return _problem(request, lang, previewed.status, _messages(previewed))
        asked: dict[str, Any] = previewed.body
        if asked["answer"]:
            return _away(asked["answer"])
        if form is None:
            return _shown(request, desk, lang, secret, asked) if asked["fresh"] else _first(_STEP_UP, request)
        if form["decision"] != "agree":
            return _away(asked["refusal"])
        agreed = await _registration(request, desk, lang, _PATH, token)
    except Unauthenticated:
        return _first("/sign-in", request)
    except ProveAgain:
        return _first(_STEP_UP, request)
    if agreed.ok:
        return _away(agreed.body["redirect_to"])
    return _problem(request, lang, agreed.status, _messages(agreed))


async def _registration(request: Request, desk: Desk, lang: Lang, path: str, token: str) -> Answer:
    """Registration's answer to the request in the address."""
    asked = {name: value for name, value in request.query_params.items() if name in _PARAMETERS}
    body = {"response_type": ""} | asked
    return await ServiceClient("registration", Session(request, desk, lang, token)).call(
        "POST", path, body, shown=("client-not-known",)
    )


def _shown(request: Request, desk: Desk, lang: Lang, secret: str, asked: dict[str, Any]) -> Response:
    try:
        back = origin_of(asked["refusal"])
    except ValueError:  # registered before addresses were held to the grammar of host names
        return _problem(request, lang, 400, [PAGES[lang]["consent"]["no_address"]])
    # Browsers hold a form to `form-action` where it is redirected to, too.
    policy = POLICY.replace("form-action 'self'", f"form-action 'self' {back}")
    headers = {"Content-Security-Policy": policy}
    goes_to = urlsplit(back).netloc
    values: dict[str, Any] = {
        "asked": asked,
        "goes_to": goes_to,
        "csrf_token": desk.csrf.token(secret),
        "problem": None,
    }
    return page(request, "account/consent/consent", lang, headers=headers, **values)


def _problem(request: Request, lang: Lang, status: int, messages: list[str]) -> Response:
    return page(request, "account/consent/consent", lang, status, problem=messages)


def _messages(answer: Answer) -> list[str]:
    named = [f"{error['pointer'].strip('/')}: {error['message']}" for error in answer.body.get("errors", [])]
    return named or [answer.body.get("detail") or answer.body["title"]]


def _first(path: str, request: Request) -> Response:
    return see(path, return_to=this_page(request))


def _away(url: str) -> Response:
    # Not to be sent again with the form's fields, and not to be told where it came from.
    return RedirectResponse(url, 303, headers={"Referrer-Policy": "no-referrer"})
