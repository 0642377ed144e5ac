"""Error pages for people where programs get problem+json, and the language that was chosen."""

import json
import re
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.edge.admission import admitting
from services.gateway.edge.blocked_networks import NetworkBlocked
from services.gateway.edge.caller import caller_of
from services.gateway.edge.context import current_gateway
from services.gateway.edge.cookies import language_cookie
from services.gateway.edge.places.places import NotFromHere
from services.gateway.pages.kit.client import wait_text
from services.gateway.pages.kit.frame import redirect_to, render_page
from services.gateway.pages.kit.kept_forms import FORM, MAX_BYTES, PAGE, SENT_AGAIN, drop_kept_form, keep_form
from services.gateway.pages.kit.language import choose_language, language_of
from services.gateway.pages.kit.return_to import ENROLMENT, this_page
from services.gateway.pages.kit.visitor import find_reader
from services.gateway.texts import OFFERED, PAGES
from shared.errors import Problem
from shared.languages import Lang

_YEAR = 365 * 24 * 3600
# The form came after what it needed had ended.
_ENDED = ("step-up-required", "draft-not-found", "form-expired")
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
        self._cookie = language_cookie(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _FOR_PROGRAMS.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        asked = request.query_params.get("lang", "")
        chosen = asked if asked in OFFERED else request.cookies.get(self._cookie, "")
        accepted = request.headers.get("accept-language")
        MutableHeaders(scope=scope)["Accept-Language"] = choose_language(scope["path"], chosen, accepted)
        for_people = "text/html" in request.headers.get("accept", "")
        started: Message | None = None
        body = b""
        sent = bytearray()
        is_form = scope["method"] == "POST" and request.headers.get("content-type", "").startswith(FORM)

        async def receiving() -> Message:
            message = await receive()
            if for_people and is_form and len(sent) <= MAX_BYTES:
                sent.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                if SENT_AGAIN in sent and not _is_problem(message):
                    dropped = Response()
                    await drop_kept_form(request, current_gateway(request), dropped)
                    _add_cookies(message, dropped)
                if asked in OFFERED:
                    self._remember(message, asked)
                if for_people and _is_problem(message):
                    started = message
                    return
            elif started is not None:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    answer = await _page_for(Request(scope), started, json.loads(body), bytes(sent))
                    await answer(scope, receive, send)
                return
            await send(message)

        await self._app(scope, receiving, sending)

    def _remember(self, message: Message, lang: str) -> None:
        cookie = Response()
        cookie.set_cookie(
            self._cookie, lang, max_age=_YEAR, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        _add_cookies(message, cookie)


def _add_cookies(message: Message, response: Response) -> None:
    for value in response.headers.getlist("set-cookie"):
        MutableHeaders(scope=message).append("Set-Cookie", value)


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("application/problem+json")


async def _page_for(request: Request, started: Message, problem: dict[str, Any], sent: bytes) -> Response:
    """The same answer as a page; a redirect to signing in or step-up where that is missing.

    The input of a form that came too late for that is kept.
    """
    headers = Headers(raw=started["headers"])
    status: int = started["status"]
    answer: Response
    key = Response()
    ended = status == 401 or problem["code"] in _ENDED
    is_kept = ended and await keep_form(request, current_gateway(request), sent, key)
    back = PAGE if is_kept else this_page(request)
    if status == 401:
        answer = redirect_to("/sign-in", return_to=back, done="ended")
    elif problem["code"] == "step-up-required":
        answer = redirect_to("/account/step-up", return_to=back)
    elif problem["code"] == "enrolment-required":
        answer = redirect_to(ENROLMENT)
    elif problem["code"] == "draft-not-found":
        answer = redirect_to("/usage-registration", done="kept" if is_kept else "gone")
    elif problem["code"] == "form-expired" and is_kept:
        answer = redirect_to(PAGE)
    else:
        lang = language_of(request)
        wait = headers.get("retry-after", "")
        if status not in (429, 503) and problem["code"] not in (NotFromHere.code, NetworkBlocked.code):
            await _look_up_reader(request, lang)
        todo = (
            wait_text(int(wait) if wait.isdecimal() else None, lang) if status == 429 else _todo(status, problem, lang)
        )
        answer = render_page(request, "kit/error", lang, status, problem=problem, todo=todo)
    for value in key.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", value)
    for name, value in headers.items():
        if name == "set-cookie" or (name not in _REPLACED and name not in answer.headers):
            answer.headers.append(name, value)
    return answer


async def _look_up_reader(request: Request, lang: Lang) -> None:
    """Look up the reader for the head of a page that no route has handled, within the same limits as every page."""
    gateway = current_gateway(request)
    try:
        async with admitting(caller_of(request)):
            await find_reader(request, gateway, lang)
    except Problem:
        return


def _todo(status: int, problem: dict[str, Any], lang: Lang) -> str:
    texts = PAGES[lang]["errors"]
    if problem["code"] == NotFromHere.code:
        return texts["todo_place"]
    if problem["code"] == NetworkBlocked.code:
        return texts["todo_blocked"]
    if problem["code"] in ("cross-site", "form-expired"):
        return texts["todo_cross_site"]
    kind = {405: 404, 504: 503, 502: 503}.get(status, status)
    return texts.get(f"todo_{kind}") or texts["todo_500" if status >= 500 else "todo_400"]
