"""Callers of webhooks: people do everything; their own systems read, try out and have messages sent again, and with a
scope of its own they add webhooks, and change those."""

from typing import Annotated

from fastapi import Depends

from services.notification.webhooks.problems import NotForOthers
from shared.auth import APPLICANT_ROLES, Actor, permit
from shared.auth.permission import OutOfScope

_MANAGING = "notification:webhooks"


async def _own_system(actor: Annotated[Actor, permit(*APPLICANT_ROLES)]) -> Actor:
    """A person, or a system that the organisation or person registered for itself. Raises `NotForOthers`."""
    if actor.kind == "person" and actor.scopes is not None:
        raise NotForOthers()
    return actor


PersonOrSystem = Annotated[Actor, Depends(_own_system)]


async def _manager(actor: PersonOrSystem) -> Actor:
    """A person, or their own system with the scope for it. Raises `NotForOthers` or `OutOfScope`."""
    if not actor.within(_MANAGING):
        raise OutOfScope(_MANAGING)
    return actor


Manager = Annotated[Actor, Depends(_manager)]
