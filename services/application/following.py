"""An application as operators follow it: found by its receipt number. The journal holds all of its steps."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.application.tables import Application
from shared.db import ReadSession
from shared.following import Part, Step


async def _find(session: ReadSession, receipt_number: str) -> UUID | None:
    found: UUID | None = await session.scalar(
        select(Application.id).where(Application.receipt_number == receipt_number)
    )
    return found


async def _no_others(_: ReadSession, __: UUID) -> Sequence[UUID]:
    return ()


async def _no_steps(_: ReadSession, __: UUID) -> Sequence[Step]:
    return ()


FOLLOWING = Part(_no_others, _no_steps, _find)
