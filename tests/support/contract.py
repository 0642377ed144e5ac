"""Every answer that a test gets from a service is one that its OpenAPI document tells: status, media type, headers."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import compile_path

Operations = list[tuple[re.Pattern[str], dict[str, Any]]]
_told: dict[str, Operations] = {}


def documented(name: str, app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """For the response hooks of a client of service `name`."""

    async def check(response: httpx.Response) -> None:
        method, path = response.request.method, response.request.url.path
        if (responses := _responses(name, app, method, path)) is None:
            return
        told = responses.get(str(response.status_code))
        answer = f"{method} {path} answers {response.status_code}"
        assert told is not None, f"{answer}, which its OpenAPI document does not tell: see shared.http.refusals"
        media_type = response.headers.get("content-type", "").partition(";")[0]
        assert not told.get("content") or media_type in told["content"], f"{answer} as {media_type!r}"
        promised = [header for header, its in told.get("headers", {}).items() if its.get("required")]
        lacking = [header for header in promised if header not in response.headers]
        assert lacking == [], f"{answer} without {lacking}"

    return check


def _responses(name: str, app: FastAPI, method: str, path: str) -> dict[str, Any] | None:
    if name not in _told:
        # Making the document takes longer than most tests: once for each service.
        _told[name] = [(compile_path(route)[0], item) for route, item in app.openapi()["paths"].items()]
    for route, item in _told[name]:
        if route.match(path) and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]["responses"]
            return found
    return None
