"""Queries of stays that end.

An application says when a person's stay ends: the one granted by it, else the one that was entered. Of several
applications for one person the one with the last end counts. A renewal is under way where an application to extend or
change is open that has no other end of the stay in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, func, literal, null, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from services.application.finding.domain.stays import OPEN, Ending, Renewal, Unit, is_renewal
from services.application.finding.domain.wanted import Days
from services.application.finding.store.matching import STAY_END
from services.application.progress.domain import RENEWING
from services.application.progress.store import of
from services.application.tables import Application, Progress
from shared.auth import Owner
from shared.db import ReadSession


@dataclass(frozen=True, slots=True)
class Renewing:
    """An application that renews a stay."""

    id: UUID
    receipt_number: str | None
    procedure: str
    state: str


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay of a person: the application that says when it ends, and the one that renews it."""

    application: Application
    progress: Progress | None
    renewal: Renewing | None


async def stays_of(
    session: ReadSession, owner: Owner, days: Days, wanted: Renewal | None, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Stay]:
    """The stays that end in these days, the first first; one more than `limit` where there is more."""
    ids = select(Application.id).where(of(owner), *_ends_in(days), ~_is_followed())
    if wanted is not None:
        renewed = or_(_is_renewing(Application), _renewals(Application).exists())
        ids = ids.where(renewed if wanted is Renewal.UNDER_WAY else ~renewed)
    order = (STAY_END.asc(), Application.id.asc())
    if after is not None:
        ids = ids.where(tuple_(STAY_END, Application.id) > after)
    page = ids.order_by(*order).limit(limit + 1).subquery()
    renewal = _renewals(Application).limit(1).lateral()
    unread = (Application.set_aside, Application.changes, Application.hints)
    query = (
        select(Application, Progress, *renewal.c)
        .join(page, page.c.id == Application.id)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .outerjoin(renewal, literal(True))
        .options(*(defer(column) for column in unread))
        .order_by(*order)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [Stay(row[0], row[1], Renewing(*row[2:]) if row[2] else _as_renewal(row[0])) for row in rows]


async def endings_of(session: ReadSession, owner: Owner, days: Days, unit: Unit) -> Sequence[Ending]:
    """The numbers of stays that end in these days, by month or day."""
    person, is_open = func.coalesce(Application.person, Application.id), _is_renewing(Application)
    known = select(Application.role, person.label("person"), STAY_END.label("ends"), is_open.label("open")).where(
        of(owner), *_ends_in(Days(days.first))
    )
    unknown = select(Application.role, person, cast(null(), Date), is_open).where(
        of(owner), STAY_END.is_(None), is_open
    )
    rows = union_all(known, unknown).subquery()
    ends = func.max(rows.c.ends)
    renewed = or_(
        func.bool_or(and_(rows.c.open, rows.c.ends.is_(None))), ends == func.max(rows.c.ends).filter(rows.c.open)
    )
    stays = select(ends.label("ends"), renewed.label("renewed")).group_by(rows.c.role, rows.c.person).subquery()
    on = stays.c.ends if unit is Unit.DAY else cast(func.date_trunc(literal("month"), stays.c.ends), Date)
    within = [stays.c.ends.is_not(None)] if days.last is None else [stays.c.ends <= days.last]
    counted = select(on.label("day"), func.count(), func.count().filter(stays.c.renewed)).where(*within).group_by("day")
    found: Sequence[Any] = (await session.execute(counted.order_by("day"))).all()
    return [Ending(row[0], row[1], row[2]) for row in found]


async def lock_renewals(session: AsyncSession, owner: Owner) -> None:
    """Let one transaction of an owner begin renewals at a time."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"renewals:{owner.id}", 0))))


async def renewal_under_way(
    session: ReadSession, owner: Owner, people: Collection[UUID], ends: date | None
) -> Application | None:
    """The open application that renews the stay of somebody who is known as one of `people`, the newest."""
    same_end = or_(STAY_END.is_(None), ends <= STAY_END) if ends else literal(True)
    query = select(Application).where(of(owner), Application.person.in_(people), _is_renewing(Application), same_end)
    found: Application | None = await session.scalar(query.order_by(Application.created_at.desc()).limit(1))
    return found


def _ends_in(days: Days) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [STAY_END.is_not(None)]
    if days.first is not None:
        conditions.append(days.first <= STAY_END)
    if days.last is not None:
        conditions.append(days.last >= STAY_END)
    return conditions


def _is_followed() -> ColumnElement[bool]:
    """That another application for the same person has a later end of the stay; of two with the same, the newer."""
    other = aliased(Application)
    later = tuple_(_end_of(other), other.created_at, other.id) > tuple_(
        STAY_END, Application.created_at, Application.id
    )
    return select(other.id).where(_same_person(other, Application), later).exists()


def _renewals(stay: Any) -> Any:
    """The open applications that renew a stay, the newest first."""
    other = aliased(Application)
    same_end = or_(_end_of(other).is_(None), _end_of(other) >= _end_of(stay))
    return (
        select(other.id, other.receipt_number, other.procedure, other.state)
        .where(_same_person(other, stay), _is_renewing(other), same_end)
        .order_by(other.created_at.desc())
        .correlate(stay)
    )


def _same_person(other: Any, one: Any) -> ColumnElement[bool]:
    return and_(other.owner_id == one.owner_id, other.role == one.role, other.person == one.person)


def _is_renewing(row: Any) -> ColumnElement[bool]:
    return and_(row.state.in_(OPEN), row.procedure.in_(RENEWING))


def _as_renewal(row: Application) -> Renewing | None:
    """The application itself, where it is the only one for somebody who is not known yet."""
    if not is_renewal(row.state, row.procedure):
        return None
    return Renewing(row.id, row.receipt_number, row.procedure, row.state)


def _end_of(row: Any) -> ColumnElement[date | None]:
    return func.coalesce(row.stay_until, row.stay_expiry)
