"""Every answer that a test gets from a service is one of its OpenAPI document: status, media type, headers."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import compile_path

Operations = list[tuple[re.Pattern[str], dict[str, Any]]]
_described: dict[str, Operations] = {}


def documented(name: str, app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """For the response hooks of a client of service `name`."""

    async def check(response: httpx.Response) -> None:
        method, path = response.request.method, response.request.url.path
        if (responses := _responses(name, app, method, path)) is None:
            return
        documented_answer = responses.get(str(response.status_code))
        answer = f"{method} {path} answers {response.status_code}"
        assert documented_answer is not None, (
            f"{answer}, which its OpenAPI document does not describe: see shared.http.refusals"
        )
        media_type = response.headers.get("content-type", "").partition(";")[0]
        assert not documented_answer.get("content") or media_type in documented_answer["content"], (
            f"{answer} as {media_type!r}"
        )
        promised = [header for header, its in documented_answer.get("headers", {}).items() if its.get("required")]
        lacking = [header for header in promised if header not in response.headers]
        assert lacking == [], f"{answer} without {lacking}"

    return check


def _responses(name: str, app: FastAPI, method: str, path: str) -> dict[str, Any] | None:
    if name not in _described:
        # Making the document takes longer than most tests: once for each service.
        _described[name] = [(compile_path(route)[0], item) for route, item in app.openapi()["paths"].items()]
    for route, item in _described[name]:
        if route.match(path) and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]["responses"]
            return found
    return None
