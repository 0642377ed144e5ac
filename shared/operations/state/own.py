"""A process seen from inside, apart from its parts: checks, requests, memory and open files. The gateway is one too."""

import os
import socket
from collections.abc import Iterable

from fastapi import FastAPI
from prometheus_client import REGISTRY

from shared.http.health import Readiness
from shared.http.recent import Recent, slowest
from shared.operations.state.schemas import CheckState, ProcessReport, RequestsState, RouteState, SlowRequest

_ROUTES = 10


async def observe(app: FastAPI, parts: Iterable[str]) -> ProcessReport:
    """The report of this process now, without what its relay and its consumer do."""
    return ProcessReport(
        host=socket.gethostname(),
        pid=os.getpid(),
        version=app.version,
        parts=sorted(parts),
        checks=await checks(app),
        notices=sorted(app.state.readiness.notices),
        relay=None,
        consumer=None,
        requests=requests(app),
        memory_bytes=_own("process_resident_memory_bytes"),
        open_files=_own("process_open_fds"),
    )


async def checks(app: FastAPI) -> list[CheckState]:
    """Every readiness check of this process, as it is now."""
    readiness: Readiness = app.state.readiness
    by_name = {one["check"]: one for one in await readiness.failing()}
    return [
        CheckState(
            name=name,
            is_good=name not in by_name,
            reason=by_name.get(name, {}).get("reason"),
            for_seconds=by_name.get(name, {}).get("for_seconds"),
        )
        for name in readiness.names
    ]


def requests(app: FastAPI) -> RequestsState:
    """The requests that this process has answered."""
    recent: Recent = app.state.recent
    minute = recent.minute()
    return RequestsState(
        requests=minute.requests,
        errors=minute.errors,
        by_duration=minute.by_duration,
        routes=[
            RouteState(
                method=method,
                route=route,
                requests=tally.requests,
                errors=tally.errors,
                by_duration=tally.by_duration,
            )
            for (method, route), tally in slowest(recent.routes(), _ROUTES)
        ],
        slow=[SlowRequest.model_validate(one, from_attributes=True) for one in recent.slow()],
    )


def _own(metric: str) -> int | None:
    # None where the collector of processes has no /proc to read.
    value = REGISTRY.get_sample_value(metric)
    return None if value is None else int(value)
