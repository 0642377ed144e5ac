"""Answers of services that are passed on to the browser while they arrive."""

import aiohttp
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.edge.headers import answer_headers


class Relayed(Response):
    """An answer that is passed back while it arrives, and closed whatever happens."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.status_code = answer.status
        self.background = None
        self.raw_headers = answer_headers(answer.raw_headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            if scope["method"] != "HEAD":
                async for piece in self._answer.content.iter_any():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._answer.close()  # what was read whole has given its connection back already
