"""The states of the services and of the gateway, asked side by side; each has its time."""

import asyncio
from types import MappingProxyType
from typing import Any

from fastapi import Request

from services.gateway.edge.exposure import SERVICES
from services.gateway.edge.reporting import observe
from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.client import Gone, StepUpRequired
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


async def gateway_state(request: Request, visitor: Visitor) -> dict[str, Any]:
    """The state of the gateway, in the form of a service's: this process as it is now, and the others by what they
    reported to registration. `others` says whether those are known: `shown`, `away` where registration does not say,
    or `alone` where no process of the gateway can prove what it is."""
    own = (await observe(request.app)).model_dump(mode="json")
    reported = await _reported_gateways(visitor)
    (process, *_) = [one for one in reported or () if _is_same(one, own)] or [{"started_at": None}]
    now = visitor.gateway.clock.now().isoformat()
    shown = own | {"started_at": process["started_at"], "at": now, "silent_seconds": 0, "is_silent": False}
    return {
        "at": now,
        "checks": own["checks"],
        "notices": sorted(request.app.state.readiness.notices),
        "stored": None,
        "processes": [shown, *(one for one in reported or () if not _is_same(one, own))],
        "others": "away" if reported is None else "shown" if visitor.gateway.settings.gateway_key else "alone",
    }


async def _reported_gateways(visitor: Visitor) -> list[dict[str, Any]] | None:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            found: list[dict[str, Any]] = (
                await visitor.registration.fetch("/v1/registration/operations/gateways")
            ).body
    except (ServiceDown, TimeoutError, SessionEnded, StepUpRequired, Gone):  # the release before does not have it
        return None
    return found


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["host"], one["pid"]) == (other["host"], other["pid"])
