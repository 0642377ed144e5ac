"""Tickets of people who proved who they are, before they register."""

from fastapi import APIRouter

from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input, Secret
from services.registration.usage_registration.commands import tickets
from services.registration.usage_registration.schemas.tickets import TicketView
from shared.auth import public
from shared.http import refusals

router = APIRouter(tags=["identity provider"])


class TicketInput(Input):
    """A ticket of somebody who proved who they are."""

    ticket: Secret


@router.post("/v1/identity-tickets", responses=refusals(401), dependencies=[public])
async def look(body: TicketInput, context: CurrentContext) -> TicketView:
    """The person whose identity a ticket proves. The ticket stays good."""
    return await tickets.look(context, body.ticket)
