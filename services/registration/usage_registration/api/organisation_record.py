"""The record of an organisation, beside the case of an application that it filed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.registration.usage_registration.commands import organisation_record
from services.registration.usage_registration.schemas.organisation_record import OrganisationRecord
from shared.auth import Actor, Record, permit, readers
from shared.http.commands import EachTime

router = APIRouter(tags=["organisations"])
Officer = Annotated[Actor, permit(*readers(Record.ORGANISATION_RECORD), kinds=("officer",))]


@router.get("/v1/organisations/{organisation_id}/record")
async def read_record(organisation_id: UUID, officer: Officer, run: EachTime) -> OrganisationRecord:
    """Until when an organisation is registered in which roles, its category, and whether its periodic reports are
    overdue. It names no person; each look is journalled."""
    return await run(organisation_record.look_at_record, organisation_id)
