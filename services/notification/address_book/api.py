"""HTTP: choices of how messages come."""

from typing import Annotated

from fastapi import APIRouter

from services.notification.address_book.commands import choices
from services.notification.address_book.schemas import MessageChoices
from shared.auth import APPLICANT_ROLES, EXAMINING_ROLES, Actor, permit
from shared.http.commands import EachTime
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/inbox/choices", tags=["inbox"])
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *EXAMINING_ROLES, in_person=True)]


@router.get("")
async def show_choices(actor: Reader, runtime: CurrentRuntime) -> MessageChoices:
    """The caller's present choices."""
    async with runtime.db.read() as session:
        return await choices.choices_of(session, actor)


@router.put("")
async def change_choices(actor: Reader, body: MessageChoices, run: EachTime) -> MessageChoices:
    """Change how the caller's messages come, from the next one on. What is left out stays."""
    return await run(choices.choose, body)
