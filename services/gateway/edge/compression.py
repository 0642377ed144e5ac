"""Compression of answers that hold no secret of a user.

A page with a CSRF token or personal data is sent as it is: its compressed size would reveal its content by guesses
to an observer of the connection who chooses a part of the page (BREACH, https://www.breachattack.com).
"""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.edge.cookies import LANGUAGE_COOKIES

_SAME_FOR_ALL = re.compile(r"/(?:static/.*|openapi\.json|favicon\.ico|robots\.txt)")
# What is passed on has its own format: photos and PDF files are compressed already.
_PASSED_ON = re.compile(r"/(?:api|session|oauth|upload)(?:/|$)")
SMALLEST = 500
LEVEL = 6


class CompressesPublicAnswers:
    """Pure ASGI. Compresses what is the same for everybody, and pages for requests that bring no cookie but that of
    the language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._compressing if scope["type"] == "http" and _is_public(scope) else self._app
        await app(scope, receive, send)


def _is_public(scope: Scope) -> bool:
    if _SAME_FOR_ALL.fullmatch(scope["path"]):
        return True
    if scope["method"] != "GET" or _PASSED_ON.match(scope["path"]):
        return False
    headers = Headers(scope=scope)
    brought = {name for line in headers.getlist("cookie") for name in cookie_parser(line)}
    return "authorization" not in headers and brought <= LANGUAGE_COOKIES
