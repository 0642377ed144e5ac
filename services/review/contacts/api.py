"""HTTP: the messages of an office's cases that did not arrive, and how each person was informed."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.review.contacts import commands
from services.review.contacts.schemas import Informed, UndeliveredInOffice, UndeliveredView
from services.review.contacts.store import open_in_office
from shared.auth import Caller, Record, Role, permit, readers, scope_of
from shared.errors import Forbidden, Text
from shared.http import Page, PageQuery, refusals
from shared.http.commands import Once
from shared.service import CurrentRuntime

_OFFICE = tuple(role for role in readers(Record.CASE) if role is not Role.AUDITOR)

router = APIRouter(prefix="/v1/cases", tags=["contacts"], dependencies=[permit(*_OFFICE, kinds=("officer",))])


@router.get("/undelivered", operation_id="listUndeliveredMessages")
async def list_undelivered(caller: Caller, paging: PageQuery, runtime: CurrentRuntime) -> Page[UndeliveredInOffice]:
    """Messages of the own office's cases that did not arrive, and of which nobody was informed yet, oldest first. It
    shows no names."""
    office = scope_of(caller, Record.CASE).office
    if office is None:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    async with runtime.db.read() as session:
        found = await open_in_office(session, office, paging.after(datetime, UUID), paging.limit + 1)
    return paging.page([UndeliveredInOffice.of(*row) for row in found], key=lambda one: (one.failed_at, one.id))


@router.post(
    "/{case_id}/undelivered/{undelivered_id}/informed", operation_id="markInformed", responses=refusals(409, 422)
)
async def mark_informed(case_id: UUID, undelivered_id: UUID, body: Informed, once: Once) -> UndeliveredView:
    """Record by which means the person was informed of a message that did not arrive."""
    return await once(commands.mark_informed, case_id, undelivered_id, body)
