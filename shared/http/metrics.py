"""Numbers about requests. Labels are the route's template, never the path: a path holds ids."""

from prometheus_client import Gauge, Histogram
from starlette.types import Scope

SECONDS = Histogram(
    "zairyu_http_request_seconds",
    "How long requests took, from the first byte read to the last byte sent; its count is the number of requests",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
IN_PROGRESS = Gauge("zairyu_http_requests_in_progress", "Requests being worked on now")

UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_template(scope: Scope) -> str:
    """The template of the route that answered, with the prefixes of its routers; `unmatched` where there was none.

    FastAPI from 0.137 on keeps an included router whole: `scope["route"]` is then the route as it was declared,
    without the prefix, and the full template is in FastAPI's own part of the scope.
    """
    effective = scope.get("fastapi", {}).get("effective_route_context")
    for candidate in (effective, scope.get("route")):
        template = getattr(candidate, "path_format", None)
        if template:
            return str(template)
    if scope.get("endpoint") is not None and not scope.get("path_params"):
        return str(scope["path"])  # a plain route without parameters is its own template
    return UNMATCHED


def method_label(method: str) -> str:
    """The method, or OTHER: a caller may invent methods, and each new label costs memory."""
    return method if method in _METHODS else "OTHER"
