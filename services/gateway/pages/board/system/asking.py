"""The states of the services, asked side by side; each has its time."""

import asyncio
from types import MappingProxyType
from typing import Any

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.client import StepUpRequired
from services.gateway.pages.kit.visitor import Visitor
from shared.auth import SessionEnded

# One more than a service's own checks have.
ANSWER_SECONDS = 3.0
# Of a service that refuses a session which has just been looked up: its clock or its keys differ.
REFUSED: MappingProxyType[str, Any] = MappingProxyType({})


async def state_of(visitor: Visitor, service: str) -> Any | None:
    """The state of a service; None where it does not answer in time, `REFUSED` where it does not take the session."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return (await visitor.service(service).fetch(f"/v1/{service}/operations/state")).body
    except (ServiceDown, TimeoutError):
        return None
    except (SessionEnded, StepUpRequired):
        return REFUSED


async def states(visitor: Visitor) -> dict[str, Any | None]:
    """The state of every service. Raises `SessionEnded` where no service takes the session: then it is over."""
    found = await asyncio.gather(*(state_of(visitor, service) for service in SERVICES))
    if REFUSED in found and not any(found):
        raise SessionEnded()
    return dict(zip(SERVICES, found, strict=True))
