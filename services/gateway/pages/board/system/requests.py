"""The requests that the processes of a service have answered: the slowest routes, and single slow requests."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.http.recent import Tally, quantile, slowest

_MOST = 10


def requests_of(processes: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The slowest routes of the last hour, and the last slow requests, of all processes together."""
    # A process of the release before says nothing of its requests.
    answered = [process["requests"] for process in processes if process.get("requests")]
    routes: dict[tuple[str, str], Tally] = {}
    for each in answered:
        for route in each["routes"]:
            tally = Tally(route["requests"], route["errors"], route["by_duration"])
            routes.setdefault((route["method"], route["route"]), Tally()).add(tally)
    slow = sorted((one for each in answered for one in each["slow"]), key=lambda one: str(one["at"]), reverse=True)
    return {
        "routes": [
            {
                "method": method,
                "route": route,
                "requests": tally.requests,
                "errors": tally.errors,
                "milliseconds": round((quantile(tally.by_duration, 0.95) or 0) * 1000),
            }
            for (method, route), tally in slowest(routes, _MOST)
        ],
        "slow": slow[:_MOST],
    }
