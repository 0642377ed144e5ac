"""The body of a request: its size limit, its arrival before any work is done for it, and its encoding.

Bodies up to `BUFFERED_BODY` are read whole before the route is looked for, so that a slow sender holds nothing but its
own connection; of larger ones the first 64 KiB. What is refused is refused by the declared length where there is one.
"""

import re
from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Invalid, Problem, Text
from shared.http.json_text import json_problem
from shared.http.limits import (
    BUFFERED_BODY,
    DEFAULT_MAX_BODY,
    FIRST_BYTES,
    LARGER_BODIES,
    MAX_FORM_FIELDS,
    too_large,
)
from shared.http.problems import problem_response

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
_OUR_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class TooLong(HTTPException):
    """More bytes than allowed, seen while a route reads them.

    FastAPI lets an HTTPException through from inside its reading of the body, and nothing else.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.problem = too_large(limit)


class BodyLimit:
    """Pure ASGI. `larger` gives path prefixes their own limit in bytes; the longest prefix wins."""

    def __init__(
        self, app: ASGIApp, *, max_body: int = DEFAULT_MAX_BODY, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._default = max_body
        entries = LARGER_BODIES if larger is None else larger
        self._larger = sorted(entries.items(), key=lambda entry: -len(entry[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        declared = headers.get("content-length")
        if (declared is None or declared == "0") and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        # More digits than any limit has are no number to read.
        if declared is not None and not (declared.isascii() and declared.isdigit() and len(declared) <= 18):
            problem: Problem | None = Problem()
        elif declared is not None and int(declared) > limit:
            problem = too_large(limit)
        else:
            problem = _unread_coding(headers.get("content-encoding", "")) or _unread_charset(
                headers.get("content-type", "")
            )
        if problem is not None:
            await problem_response(Request(scope), problem)(scope, receive, send)
            return
        first = bytearray()
        whole = False
        while not whole and (limit <= BUFFERED_BODY or len(first) < FIRST_BYTES):
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            first += message.get("body", b"")
            whole = not message.get("more_body", False)
            if len(first) > limit:
                await problem_response(Request(scope), too_large(limit))(scope, receive, send)
                return
        body = bytes(first)
        if whole and (wrong := _unreadable(headers.get("content-type", ""), body)) is not None:
            await problem_response(Request(scope), wrong)(scope, receive, send)
            return
        await self._app(scope, _again(body, whole, limit, receive), send)

    def _limit(self, path: str) -> int:
        return next((limit for prefix, limit in self._larger if path.startswith(prefix)), self._default)


def _again(first: bytes, whole: bool, limit: int, receive: Receive) -> Receive:
    """`receive` for the application: what was read first, and then what arrives, counted."""
    given = False
    read = len(first)

    async def receiving() -> Message:
        nonlocal given, read
        if not given:
            given = True
            return {"type": "http.request", "body": first, "more_body": not whole}
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLong(limit)
        return message

    return receiving


def _unread_coding(coding: str) -> Problem | None:
    """Bodies are taken as they are: what unpacks could become anything."""
    if coding.strip().lower() in ("", "identity"):
        return None
    text = Text("本文は圧縮せずに送信してください", "Send the body uncompressed, without Content-Encoding")
    return Problem(text, code="content-encoding-not-supported")


def _unread_charset(content_type: str) -> Problem | None:
    """Forms and JSON are UTF-8. Other names of charsets lead to codecs that make anything of anything."""
    named = _CHARSET.search(content_type)
    if named is None or named.group(1).lower() in _OUR_CHARSETS:
        return None
    return Problem(Text("文字コードはUTF-8にしてください", "Send text as UTF-8"), code="charset-not-supported")


def _unreadable(content_type: str, body: bytes) -> Problem | None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        wrong = json_problem(body)
        return None if wrong is None else Invalid(fields=[wrong])
    if kind == "application/x-www-form-urlencoded" and body.count(b"&") >= MAX_FORM_FIELDS:
        return Problem(Text("項目が多すぎます", "The form has too many fields"), code="too-many-fields")
    return None
