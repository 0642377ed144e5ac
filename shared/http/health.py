"""Health, readiness and metrics of a process: `/healthz`, `/readyz`, `/metrics`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from time import monotonic
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest

from shared.auth.permission import public
from shared.errors import Text, Unavailable
from shared.http.problems import problem_response

log = structlog.get_logger(__name__)
FAILING = Gauge(
    "zairyu_readiness_failing", "1 while a check of `/readyz` fails, by the last time it was asked", ["check"]
)

Check = Callable[[], Awaitable[None]]
CHECK_SECONDS = 2.0


class NotReady(Unavailable):
    """Something that this process needs does not answer."""

    code = "not-ready"
    title = Text("準備ができていません", "Not ready")


class Readiness:
    """Named checks, run side by side; each raises where its dependency does not answer within `deadline` seconds."""

    def __init__(self, checks: Mapping[str, Check], deadline: float = CHECK_SECONDS) -> None:
        self._checks = dict(checks)
        # Codes of what an operator should know although the process is ready.
        self.notices: set[str] = set()
        self._deadline = deadline
        self._failing_since: dict[str, float] = {}

    @property
    def names(self) -> list[str]:
        """Of the checks, in order."""
        return sorted(self._checks)

    async def failing(self) -> list[dict[str, Any]]:
        """The checks that fail now, each with its reason and the seconds since it was first seen to fail."""
        reasons = await asyncio.gather(*(self._reason(check) for check in self._checks.values()))
        now = monotonic()
        report: list[dict[str, Any]] = []
        for name, reason in zip(self._checks, reasons, strict=True):
            FAILING.labels(name).set(reason is not None)
            if reason is None:
                if self._failing_since.pop(name, None) is not None:
                    log.info("readiness.recovered", check=name)
                continue
            if name not in self._failing_since:
                log.warning("readiness.failing", check=name, reason=reason)
            since = self._failing_since.setdefault(name, now)
            report.append({"check": name, "reason": reason, "for_seconds": round(now - since, 1)})
        return report

    async def _reason(self, check: Check) -> str | None:
        # The error's type is enough for an operator and says nothing about addresses or data.
        try:
            async with asyncio.timeout(self._deadline):
                await check()
        except Exception as error:
            return type(error).__name__
        return None


@cache
def alive() -> APIRouter:
    """`/healthz`: 200 while the process runs. It asks nothing and is cheap, so anybody may call it."""
    routes = APIRouter(include_in_schema=False, dependencies=[public])

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    return routes


def operations(readiness: Readiness) -> APIRouter:
    """`/readyz` and `/metrics`, which cost something and are for operators alone: never on a port that the public
    reaches."""
    routes = APIRouter(include_in_schema=False, dependencies=[public])

    @routes.get("/readyz")
    async def readyz(request: Request) -> Any:
        failing = await readiness.failing()
        if failing:
            return problem_response(request, NotReady(), failing=failing)
        answer: dict[str, Any] = {"status": "ready", "checks": readiness.names}
        return answer | ({"notices": sorted(readiness.notices)} if readiness.notices else {})

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return routes
