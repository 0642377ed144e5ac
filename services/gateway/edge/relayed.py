"""Answers of services that are passed on to the browser while they arrive."""

import asyncio

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
            if scope["method"] == "GET":
                await self._pass_on_until_gone(receive, send)
            elif scope["method"] != "HEAD":
                await self._pass_on(send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._answer.close()  # what was read whole has given its connection back already

    async def _pass_on(self, send: Send) -> None:
        async for piece in self._answer.content.iter_any():
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    async def _pass_on_until_gone(self, receive: Receive, send: Send) -> None:
        """Pass on what arrives, as long as somebody is there. A stream of progress says nothing for a while: without
        looking, it would be held open for a browser that has left, and counted against the next ones."""
        gone = asyncio.create_task(_disconnected(receive))  # watched: closes the answer, and ends with it
        gone.add_done_callback(lambda _: self._answer.close())
        try:
            await self._pass_on(send)
        except aiohttp.ClientError:
            if not gone.done():
                raise
        finally:
            gone.cancel()


async def _disconnected(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
