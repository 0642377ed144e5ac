"""Every route of every service says who may call it, or that anybody may."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.routing import Mount

from shared.http import api_routes, unmarked_routes
from tests.guards.sources import SERVICES
from tests.support import keys

BUILT = [service for service in SERVICES if find_spec(f"services.{service}") and find_spec(f"services.{service}.app")]
# Nothing connects before it is used, so that addresses need only look like addresses.
PLACEHOLDERS = {
    "ZAIRYU_DATABASE_URL": "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere",
}


@cache
def build(service: str) -> FastAPI:
    """The application of a service, the same for all guards: they look at it, and send what is refused at its door."""
    settings: Any = import_module(f"services.{service}.settings").Settings
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**PLACEHOLDERS, **keys.environment(service)}.items():
            patch.setenv(name, value)
        try:
            settings()
        except ValidationError as error:
            for problem in error.errors():
                if problem["type"] == "missing":
                    patch.setenv(f"ZAIRYU_{problem['loc'][0]}".upper(), "unused")
        app = import_module(f"services.{service}.app").create_app(settings())
    assert isinstance(app, FastAPI)
    return app


@pytest.mark.parametrize("service", BUILT)
def test_every_route_has_a_permission(service: str) -> None:
    app = build(service)
    assert list(api_routes(app)), "no route found: the pattern no longer fits the framework"
    assert unmarked_routes(app) == []


@pytest.mark.parametrize("service", BUILT)
def test_nothing_is_mounted_where_permissions_are_not_seen(service: str) -> None:
    routes = build(service).routes
    assert [route.path for route in routes if isinstance(route, Mount)] == []
    # An included router builds its routes a second time at the first request, and is not seen in a list of routes.
    unlisted = [route for route in routes if not isinstance(route, APIRoute)]
    assert {getattr(route, "path", route) for route in unlisted} <= {"/openapi.json"}


@pytest.mark.parametrize("service", BUILT)
def test_no_route_waits_for_a_thread(service: str) -> None:
    # FastAPI hands each function that is no coroutine to its pool of threads, at each request: that costs more than
    # the function, and many slow requests would hold all threads.
    found = set()
    for route, _ in api_routes(build(service)):
        open_ = [route.dependant]
        while open_:
            dependant = open_.pop()
            open_ += dependant.dependencies
            call = dependant.call
            if call is not None and not iscoroutinefunction(call) and not isasyncgenfunction(call):
                found.add(f"{call.__module__}.{call.__qualname__}")
    assert not found, "\n".join(sorted(found))
