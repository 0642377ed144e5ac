"""How many bytes a request may bring: refused by its declared length before reading, else while reading."""

from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Problem, Text, TooLarge
from shared.http.problems import problem_response

DEFAULT_MAX_BODY = 1024 * 1024


class BodyLimit:
    """Pure ASGI. `larger` gives path prefixes their own limit in bytes; the longest prefix wins."""

    def __init__(
        self, app: ASGIApp, *, max_body: int = DEFAULT_MAX_BODY, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._default = max_body
        self._larger = sorted((larger or {}).items(), key=lambda entry: -len(entry[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        declared = Headers(scope=scope).get("content-length")
        if declared is not None and not declared.isdecimal():
            await problem_response(Request(scope), Problem())(scope, receive, send)
            return
        if declared is not None and int(declared) > limit:
            await problem_response(Request(scope), _too_large(limit))(scope, receive, send)
            return
        read = 0

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    # FastAPI lets an HTTPException through from inside its reading of the body, and nothing else.
                    raise HTTPException(413)
            return message

        await self._app(scope, counting, send)

    def _limit(self, path: str) -> int:
        return next((limit for prefix, limit in self._larger if path.startswith(prefix)), self._default)


def _too_large(limit: int) -> TooLarge:
    megabytes = limit // (1024 * 1024)
    ja, en = (f"{megabytes}MB", f"{megabytes} MB") if megabytes else (f"{limit}バイト", f"{limit} bytes")
    return TooLarge(Text(f"{ja}以内にしてください", f"Send at most {en}"))
