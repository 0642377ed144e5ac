"""Every answer that a test gets from a service is one of its OpenAPI document: status, media type, headers.

It has what the gateway reads of it, and every event what its consumers read.
"""

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import compile_path

from shared.messaging import Message
from tests.contracts.files import EVENTS, ROUTES, Contract, lacking, load

Operations = list[tuple[re.Pattern[str], str, dict[str, Any]]]
_described: dict[str, Operations] = {}


def documented(name: str, app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """For the response hooks of a client of service `name`."""

    async def check(response: httpx.Response) -> None:
        method, path = response.request.method, response.request.url.path
        if (found := _found(name, app, method, path)) is None:
            return
        route, responses = found
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
        missing = [header for header in promised if header not in response.headers]
        assert missing == [], f"{answer} without {missing}"
        read = _contracts(ROUTES).get(name, {}).get(f"{method} {route}")
        if read and response.is_success and media_type == "application/json" and await response.aread():
            unkept = lacking("gateway", f"{name}'s {method} {route}", read, response.json())
            assert not unkept, "\n".join(unkept)

    return check


def has_what_is_read(message: Message) -> Message:
    """`message`, in which no field lacks that a consumer of the event reads."""
    subject = str(message.header("ce_type")).removeprefix("zairyu.")
    given = json.loads(message.value)
    for consumer, events in _contracts(EVENTS).items():
        unkept = lacking(consumer, subject, events.get(subject, {}), given)
        assert not unkept, "\n".join(unkept)
    return message


@cache
def _contracts(directory: Path) -> dict[str, Contract]:
    return load(directory)


def _found(name: str, app: FastAPI, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """The route that a request reaches, the one with the fewest parameters, and its answers by status."""
    if name not in _described:
        # Making the document takes longer than most tests: once for each service.
        paths = app.openapi()["paths"]
        _described[name] = [(compile_path(route)[0], route, item) for route, item in paths.items()]
    found = [
        (route, item) for pattern, route, item in _described[name] if pattern.match(path) and method.lower() in item
    ]
    if not found:
        return None
    route, item = min(found, key=lambda each: each[0].count("{"))
    return route, item[method.lower()]["responses"]
