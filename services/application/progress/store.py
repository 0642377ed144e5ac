"""Queries for applications and their progress: the owner's, and those that officers may read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.tables import Application, Progress, RecordedStep
from shared.auth import Owner
from shared.db import ReadSession
from shared.errors import NotFound
from shared.journal.tables import journal


def of(owner: Owner) -> ColumnElement[bool]:
    """That an application belongs to `owner`: filed for the organisation or person, in one of the caller's roles."""
    return and_(Application.owner_id == owner.id, Application.role.in_(owner.role_codes))


async def own(session: AsyncSession, application_id: UUID, owner: Owner) -> Application:
    """The caller's application, locked for a change. Raises `NotFound` also where it is somebody else's."""
    row = await session.scalar(select(Application).where(Application.id == application_id, of(owner)).with_for_update())
    if row is None:
        raise NotFound()
    return row


async def page_of(
    session: ReadSession, owner: Owner, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[tuple[Application, Progress | None]]:
    """The owner's applications, newest first, each with its progress; one more than `limit` where there is more."""
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(of(owner))
        .order_by(Application.created_at.desc(), Application.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(tuple_(Application.created_at, Application.id) < after)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def with_progress(
    session: ReadSession, application_id: UUID, owner: Owner
) -> tuple[Application, Progress | None]:
    """The caller's application and its progress. Raises `NotFound`."""
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(Application.id == application_id, of(owner))
    )
    row: Any = (await session.execute(query)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


async def filed(session: ReadSession, application_id: UUID) -> tuple[Application, Progress | None]:
    """Any filed application and its progress, for officers. Raises `NotFound` for a draft: it is its owner's alone."""
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(Application.id == application_id, Application.state != "draft")
    )
    row: Any = (await session.execute(query)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


async def journal_lines(session: ReadSession, application_id: UUID, actions: Sequence[str]) -> Sequence[Any]:
    """Lines of the journal about an application: (action, at, detail), oldest first."""
    query = (
        select(journal.c.action, journal.c.at, journal.c.detail)
        .where(journal.c.aggregate_id == application_id, journal.c.action.in_(actions))
        .order_by(journal.c.version)
    )
    return (await session.execute(query)).all()


async def steps_of(session: ReadSession, application_id: UUID) -> Sequence[RecordedStep]:
    """The steps that review reported of an application, oldest first."""
    query = select(RecordedStep).where(RecordedStep.application_id == application_id).order_by(RecordedStep.at)
    return list((await session.scalars(query)).all())
