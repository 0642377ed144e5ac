"""Callers of webhooks: people do everything; their own systems read, try out and have messages sent again."""

from typing import Annotated

from fastapi import Depends

from services.notification.webhooks.problems import NotForOthers
from shared.auth import APPLICANT_ROLES, Actor, permit

Person = Annotated[Actor, permit(*APPLICANT_ROLES, in_person=True)]


async def _own_system(actor: Annotated[Actor, permit(*APPLICANT_ROLES)]) -> Actor:
    """A person, or a system that the organisation or person registered for itself. Raises `NotForOthers`."""
    if actor.kind == "person" and actor.scopes is not None:
        raise NotForOthers()
    return actor


PersonOrSystem = Annotated[Actor, Depends(_own_system)]
