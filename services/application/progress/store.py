"""Queries for applications and their progress: the owner's, and those that officers may read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from services.application.progress.domain import (
    FEE_IS_DUE,
    MOST_COUNTED,
    RENEWING,
    RESULT_IS_NEW,
    STAY_ENDS_SOON,
)
from services.application.tables import Application, Progress, RecordedStep
from shared.auth import Owner
from shared.clock import legal_date
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


Rows = Sequence[tuple[Application, Progress | None]]
# The state that is shown, as `shown_state` has it; of columns that an index covers.
SHOWN: ColumnElement[str] = case(
    (or_(Application.state.in_(("draft", "withdrawn")), Application.reported.is_(None)), Application.state),
    else_=Application.reported,
)


def _with_progress() -> Any:
    return (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .options(defer(Application.set_aside), defer(Application.changes), defer(Application.hints))
    )


async def _rows(session: ReadSession, query: Any) -> Rows:
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def needs_of(session: ReadSession, owner: Owner, now: datetime, most: int) -> dict[str, tuple[int, Rows]]:
    """Everything that needs the owner now: of each need the number of applications, and the first `most` of them."""
    found: dict[str, tuple[int, Rows]] = {}
    for need, (conditions, order) in _needs(now).items():
        rows = await _rows(session, _with_progress().where(of(owner), *conditions).order_by(*order).limit(most))
        # Counted apart, and only where there are more: a count beside the rows would read all of them.
        count = len(rows) if len(rows) < most else await _count(session, of(owner), *conditions)
        found[need] = (count, rows)
    return found


async def _count(session: ReadSession, *conditions: ColumnElement[bool]) -> int:
    found = (
        select(Application.id)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(*conditions)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(found)) or 0


def _needs(now: datetime) -> dict[str, tuple[Sequence[ColumnElement[bool]], Sequence[ColumnElement[Any]]]]:
    """The conditions and the order of each need."""
    today = legal_date(now)
    is_draft = Application.state == "draft"
    ends = case((is_draft, Application.stay_expiry), else_=Application.stay_until)
    soon = (today, today + STAY_ENDS_SOON)
    ends_soon = or_(and_(is_draft, Application.stay_expiry.between(*soon)), Application.stay_until.between(*soon))
    decided = Application.state == "decided"
    newest = (Application.updated_at.desc(), Application.id.desc())
    return {
        "drafts": ([is_draft], newest),
        "requests": (
            [Application.state == "received", Progress.open_request_id.is_not(None)],
            (Progress.due_on.asc().nulls_last(), Application.id.asc()),
        ),
        "stays": (
            [ends_soon, ~_is_being_renewed()],
            (ends.asc(), Application.id.asc()),
        ),
        "results": ([decided, Application.updated_at >= now - RESULT_IS_NEW], newest),
        "fees": (
            [
                decided,
                Application.updated_at >= now - FEE_IS_DUE,
                Progress.state.in_(("decided_grant", "awaiting_fee")),
                Progress.fee_yen > 0,
                Progress.fee_paid.is_(False),
            ],
            newest,
        ),
    }


def _is_being_renewed() -> ColumnElement[bool]:
    """That the person of a granted application has one under way by which the stay goes on: filed, or a draft that is
    listed for its own end of the stay."""
    other = aliased(Application)
    return and_(
        Application.state != "draft",
        select(other.id)
        .where(
            other.owner_id == Application.owner_id,
            other.role == Application.role,
            other.person == Application.person,
            other.procedure.in_(RENEWING),
            or_(other.state == "received", and_(other.state == "draft", other.stay_expiry.is_not(None))),
        )
        .exists(),
    )


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


async def of_number(session: ReadSession, receipt_number: str) -> tuple[Application, Progress | None] | None:
    """The application with a receipt number, whosever it is, and its progress; None where there is none."""
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(Application.receipt_number == receipt_number)
    )
    row: Any = (await session.execute(query)).first()
    return None if row is None else (row[0], row[1])


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


def handling_office(application: Application, progress: Progress | None) -> str | None:
    """The office that has the case: the one that review reported last, else the one it was filed with."""
    return (progress.office if progress else None) or application.office
