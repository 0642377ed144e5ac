"""Reports of this process of the gateway, which registration keeps for the operators' board."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI

from services.gateway.edge.context import Gateway
from services.gateway.edge.upstream import ServiceDown
from shared.http.forwarded import GATEWAY, stated
from shared.ids import new_id
from shared.operations.state import own, reports
from shared.operations.state.schemas import ProcessReport

log = structlog.get_logger(__name__)
PARTS = ("api",)


async def observe(app: FastAPI) -> ProcessReport:
    """The report of this process now."""
    return await own.observe(app, PARTS)


@asynccontextmanager
async def reporting(app: FastAPI) -> AsyncIterator[None]:
    """Look by the watches of this process, and report it, for as long as the block lasts. Without the key that proves
    who reports, nothing is reported."""
    gateway: Gateway = app.state.gateway
    path, refused = f"/v1/gateways/{new_id()}", False

    async def send(method: str, body: Any = None) -> None:
        nonlocal refused
        if gateway.settings.gateway_key is None:
            return
        headers = stated(gateway.settings.gateway_key, GATEWAY)
        answer = await gateway.upstreams.call("registration", method, path, json=body, headers=headers, harmless=True)
        if not answer.is_success and not refused:  # once, and not every ten seconds
            log.warning("gateway_report.refused", status=answer.status_code)
        refused = not answer.is_success

    async def keep() -> None:
        await send("PUT", (await observe(app)).model_dump(mode="json"))

    async with reports.reporting(keep, lambda: send("DELETE"), (ServiceDown,), look=app.state.watches.look):
        yield
