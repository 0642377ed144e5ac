"""`/oauth/authorize`: a person allows a connected system to act for them, or refuses (RFC 6749 §4.1.1). No scripts.

What may be asked, and where the browser goes back to, is registration's to say: nothing here builds an address.
"""

from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from services.gateway.edge.caller import caller_of
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.client import Answer, ServiceClient, Session, StepUpRequired
from services.gateway.pages.kit.forms import Form, Posted
from services.gateway.pages.kit.frame import POLICY, PageLanguage, page_router, redirect_to, render_page
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
async def show(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Show what the system asks for. Signing in, or a step-up, comes first where it is needed."""
    return await _as_signed_in(request, gateway, lang, None)


@router.post("/oauth/authorize")
async def decide(request: Request, gateway: CurrentGateway, lang: PageLanguage, form: Posted) -> Response:
    """Allow or refuse: the browser goes back to the connected system with a code, or with the refusal."""
    return await _as_signed_in(request, gateway, lang, form)


async def _as_signed_in(request: Request, gateway: Gateway, lang: Lang, form: Form | None) -> Response:
    secret = gateway.secret(request)
    if secret is None:
        return _sign_in_or_step_up("/sign-in", request)
    if form is not None:
        gateway.csrf.require(request, secret, form["csrf_token"])
    if len(set(request.query_params)) != len(request.query_params.multi_items()):
        return _problem(request, lang, 400, [PAGES[lang]["consent"]["twice"]])
    try:
        token = (await caller_of(request).granted()).token
        previewed = await _registration(request, gateway, lang, f"{_PATH}/preview", token)
        if not previewed.ok:
            return _problem(request, lang, previewed.status, _messages(previewed))
        asked: dict[str, Any] = previewed.body
        if asked["answer"]:
            return _redirect_to_client(asked["answer"])
        if form is None:
            return (
                _shown(request, gateway, lang, secret, asked)
                if asked["fresh"]
                else _sign_in_or_step_up(_STEP_UP, request)
            )
        if form["decision"] != "agree":
            return _redirect_to_client(asked["refusal"])
        agreed = await _registration(request, gateway, lang, _PATH, token)
    except Unauthenticated:
        return _sign_in_or_step_up("/sign-in", request)
    except StepUpRequired:
        return _sign_in_or_step_up(_STEP_UP, request)
    if agreed.ok:
        return _redirect_to_client(agreed.body["redirect_to"])
    return _problem(request, lang, agreed.status, _messages(agreed))


async def _registration(request: Request, gateway: Gateway, lang: Lang, path: str, token: str) -> Answer:
    """Registration's answer to the request in the address."""
    asked = {name: value for name, value in request.query_params.items() if name in _PARAMETERS}
    body = {"response_type": ""} | asked
    return await ServiceClient("registration", Session(request, gateway, lang, token)).call(
        "POST", path, body, shown=("client-not-known",)
    )


def _shown(request: Request, gateway: Gateway, lang: Lang, secret: str, asked: dict[str, Any]) -> Response:
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
        "csrf_token": gateway.csrf.token(secret),
        "problem": None,
    }
    return render_page(request, "account/consent/consent", lang, headers=headers, **values)


def _problem(request: Request, lang: Lang, status: int, messages: list[str]) -> Response:
    return render_page(request, "account/consent/consent", lang, status, problem=messages)


def _messages(answer: Answer) -> list[str]:
    named = [f"{error['pointer'].strip('/')}: {error['message']}" for error in answer.body.get("errors", [])]
    return named or [answer.body.get("detail") or answer.body["title"]]


def _sign_in_or_step_up(path: str, request: Request) -> Response:
    return redirect_to(path, return_to=this_page(request))


def _redirect_to_client(url: str) -> Response:
    # GET without the form's fields, and without the address of this page.
    return RedirectResponse(url, 303, headers={"Referrer-Policy": "no-referrer"})
