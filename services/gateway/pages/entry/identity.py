"""`/identity`: to the identity provider and back. Registration asks and checks; here are the browser's cookies."""

import re
import secrets
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.edge import cookies
from services.gateway.edge.caller import caller_of
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.pages.kit.client import Answer, ServiceClient, Session
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from shared.http import Lang

router = page_router()

# A path of this site: a browser reads `//host` and `/\host` as another one.
_OWN_PATH = r"^/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%?/-]*)?$"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43,200}")
_REQUEST_SECONDS = 10 * 60
_BROWSER = "identity"
TICKET = "ticket"
FORM = "/register/personal"
# There is no provider, or it does not answer: this page says so itself.
_SHOWN = ("identity-not-offered", "identity-provider-unavailable")
Purpose = Literal["sign-in", "register", "link", "step-up"]
FromProvider = Annotated[str | None, Query(max_length=2000)]


@router.get("/identity/start")
async def start(
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    purpose: Purpose = "sign-in",
    return_to: Annotated[str, Query(max_length=1000, pattern=_OWN_PATH)] = "/",
) -> Response:
    """Send the browser to the identity provider. Linking and step-up start on our own pages alone: another
    site's link would have a person link an identity that is not theirs."""
    await gateway.sign_ins.admit(caller_of(request).address)
    token = None
    if purpose in ("link", "step-up"):
        gateway.csrf.require_own_page(request)
        if gateway.secret(request):
            token = (await caller_of(request).granted()).token
    # One secret for all tabs: each question is bound to the browser and not to the last one asked.
    browser = _browser_secret(request, gateway) or secrets.token_urlsafe(32)
    body = {"purpose": purpose, "browser_secret": browser, "return_to": return_to}
    answer = await ServiceClient("registration", Session(request, gateway, lang, token)).call(
        "POST", "/v1/identity-requests", body, shown=_SHOWN
    )
    if not answer.ok:
        return render_refusal(request, answer, lang)
    response = RedirectResponse(answer.body["authorization_url"], 303)
    cookies.put(response, gateway.settings, _BROWSER, browser, max_age=_REQUEST_SECONDS)
    return response


@router.get("/identity/callback")
async def callback(
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    state: FromProvider = None,
    code: FromProvider = None,
    error: FromProvider = None,
    iss: FromProvider = None,
) -> Response:
    """Take the browser back from the identity provider."""
    await gateway.sign_ins.admit(caller_of(request).address)
    given = {"state": state, "code": code, "error": None if code else error, "iss": iss}
    body = {name: value for name, value in given.items() if value is not None}
    # Without the cookie there is nothing to match: registration says no more of it than of a wrong one.
    body["browser_secret"] = _browser_secret(request, gateway) or secrets.token_urlsafe(32)
    held = gateway.held_session(request)
    if held:
        body["held_session"] = held
    answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
        "POST", "/v1/identity-requests/finish", body, shown=_SHOWN
    )
    if not answer.ok:
        return render_refusal(request, answer, lang)
    found = answer.body
    if found["outcome"] == "ticket":
        # With the user class that was chosen before; who wanted to sign in chooses one now.
        back = found["return_to"] if found["return_to"].startswith(f"{FORM}?") else FORM
        response = redirect_to(f"{back}{'&' if '?' in back else '?'}lang={lang}")
        expires = datetime.fromisoformat(found["ticket_expires_at"])
        cookies.put(response, gateway.settings, TICKET, found["ticket"], max_age=gateway.seconds_until(expires))
    else:
        response = redirect_to(found["return_to"])
    if session := found.get("session"):
        if held:
            gateway.sessions.forget(held)
        gateway.keep(response, session["session_secret"], datetime.fromisoformat(session["expires_at"]))
    if renewed := found.get("renewed"):
        if held:
            gateway.sessions.forget(held)
        gateway.keep(response, renewed["session_secret"], datetime.fromisoformat(renewed["expires_at"]))
    # The browser's secret stays for its minutes: another tab may still be on its way back.
    return response


def render_refusal(request: Request, answer: Answer, lang: Lang) -> Response:
    """A page with registration's reason for the refusal."""
    headers = {} if answer.retry_after is None else {"Retry-After": str(answer.retry_after)}
    # A malformed request is answered like a failed proof; the wrong part is not revealed.
    known = answer.status if answer.status in (401, 403, 404, 409, 429, 503) else 401
    words = answer.body.get("detail") or answer.body.get("title") if known == answer.status else None
    return render_page(request, "entry/identity/refused", lang, known, headers=headers, words=words, code=answer.code)


def _browser_secret(request: Request, gateway: Gateway) -> str | None:
    held = cookies.read(request, gateway.settings, _BROWSER)
    return held if _SECRET.fullmatch(held) else None
