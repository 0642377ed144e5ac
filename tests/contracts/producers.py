"""The promises of the services: the schemas of their events, and of their answers."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from starlette.routing import compile_path

from shared.events import by_type
from shared.events.schemas import schema_of
from tests.clients.documents import document
from tests.contracts.notes import Asked
from tests.contracts.shapes import Schema


@cache
def event_schema(subject: str) -> Schema:
    """The schema of an event, such as `ApplicationSubmitted.v1`. KeyError where the catalogue has none."""
    return schema_of(by_type(f"zairyu.{subject}"))


def routes(service: str) -> Iterator[str]:
    """The routes of a service, such as `GET /v1/cases`."""
    for path, item in document(service)["paths"].items():
        yield from (f"{method.upper()} {path}" for method in item)


def route_of(asked: Asked) -> str | None:
    """The route that a request reaches: the one with the fewest parameters."""
    found = [route for route, pattern in _patterns(asked.service) if _fits(asked, route, pattern)]
    return min(found, key=lambda route: route.count("{"), default=None)


def answer_schema(service: str, route: str) -> Schema:
    """The schema of the answers of a route where all went well; anything fits where none is JSON."""
    method, _, path = route.partition(" ")
    answers = document(service)["paths"][path][method.lower()]["responses"]
    bodies = [
        content["schema"]
        for status, answer in answers.items()
        if status.startswith("2")
        for kind, content in answer.get("content", {}).items()
        if "json" in kind and "schema" in content
    ]
    return {"anyOf": bodies} if bodies else {}


@cache
def _patterns(service: str) -> list[tuple[str, Any]]:
    return [(route, compile_path(route.partition(" ")[2])[0]) for route in routes(service)]


def _fits(asked: Asked, route: str, pattern: Any) -> bool:
    return route.startswith(f"{asked.method} ") and pattern.match(asked.path) is not None
