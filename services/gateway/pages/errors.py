"""Around everything else: people get pages where programs get problem+json, and the language they once chose."""

import json
import re
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.pages.asking import waiting
from services.gateway.pages.frame import page, see
from services.gateway.pages.returning import this_page
from services.gateway.texts import PAGES
from shared.http import negotiate

LANGUAGE_COOKIE = "zairyu_language"
_YEAR = 365 * 24 * 3600
_FOR_PROGRAMS = re.compile(r"/(?:api|session|static|healthz|readyz|metrics|openapi\.json)(?:/|$)")
# What the page says itself, and the connection's own.
_REPLACED = (
    "content-type",
    "content-length",
    "content-language",
    "content-security-policy",
    "www-authenticate",
    "vary",
)


class PagesForPeople:
    """Pure ASGI. `secure` as for the session's cookie."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _FOR_PROGRAMS.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        asked = request.query_params.get("lang", "")
        chosen = asked if asked in PAGES else request.cookies.get(LANGUAGE_COOKIE, "")
        if chosen in PAGES:
            MutableHeaders(scope=scope)["Accept-Language"] = chosen
        for_people = "text/html" in request.headers.get("accept", "")
        begun: Message | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                if asked in PAGES:
                    self._remember(message, asked)
                if for_people and _is_problem(message):
                    begun = message
                    return
            elif begun is not None:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _for_people(Request(scope), begun, json.loads(body))(scope, receive, send)
                return
            await send(message)

        await self._app(scope, receive, sending)

    def _remember(self, message: Message, lang: str) -> None:
        cookie = Response()
        cookie.set_cookie(
            LANGUAGE_COOKIE, lang, max_age=_YEAR, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        MutableHeaders(scope=message).append("Set-Cookie", cookie.headers["set-cookie"])


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("application/problem+json")


def _for_people(request: Request, begun: Message, problem: dict[str, Any]) -> Response:
    """The same answer as a page; the way to sign in or to prove oneself where that is what is missing."""
    headers = Headers(raw=begun["headers"])
    status: int = begun["status"]
    answer: Response
    if status == 401:
        answer = see("/sign-in", return_to=this_page(request), done="ended")
    elif problem["code"] == "step-up-required":
        answer = see("/account/step-up", return_to=this_page(request))
    elif problem["code"] == "enrolment-required":
        answer = see("/account/security/authenticator")
    elif problem["code"] == "draft-not-found":
        answer = see("/usage-registration", done="gone")
    else:
        lang = negotiate(request.headers.get("accept-language"))
        wait = headers.get("retry-after", "")
        todo = waiting(int(wait) if wait.isdecimal() else None, lang) if status == 429 else _todo(status, problem, lang)
        answer = page(request, "error", lang, status, problem=problem, todo=todo)
    for name, value in headers.items():
        if name == "set-cookie" or (name not in _REPLACED and name not in answer.headers):
            answer.headers.append(name, value)
    return answer


def _todo(status: int, problem: dict[str, Any], lang: str) -> str:
    texts = PAGES[lang]
    if problem["code"] == "cross-site":
        return texts["todo_cross_site"]
    kind = {405: 404, 504: 503, 502: 503}.get(status, status)
    return texts.get(f"todo_{kind}") or texts["todo_500" if status >= 500 else "todo_400"]
