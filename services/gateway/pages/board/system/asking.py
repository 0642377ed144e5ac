"""The states of the services, asked side by side; each has its time."""

import asyncio
from typing import Any

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.visitor import Visitor

# One more than a service's own checks have.
ANSWER_SECONDS = 3.0


async def state_of(visitor: Visitor, service: str) -> Any | None:
    """The state of a service; None where it does not answer in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return (await visitor.service(service).fetch(f"/v1/{service}/operations/state")).body
    except (ServiceDown, TimeoutError):
        return None


async def states(visitor: Visitor) -> dict[str, Any | None]:
    """The state of every service."""
    found = await asyncio.gather(*(state_of(visitor, service) for service in SERVICES))
    return dict(zip(SERVICES, found, strict=True))
