"""Queries of proofs."""

from typing import Any

from sqlalchemy import select

from services.application.tables import Application, Progress
from shared.db import ReadSession


async def of_number(session: ReadSession, receipt_number: str) -> tuple[Application, Progress | None] | None:
    """The application with a receipt number, whosever it is, and its progress; None where there is none."""
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(Application.receipt_number == receipt_number)
    )
    row: Any = (await session.execute(query)).first()
    return None if row is None else (row[0], row[1])
