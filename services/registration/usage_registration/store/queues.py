"""Queues of what officers decide on: usage registrations and periodic reports, which have the same columns for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy import Row as Found

from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Scope
from shared.db import ReadSession

R = TypeVar("R", UsageRegistration, PeriodicReport)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions of a queue; None sets no condition."""

    status: Status | None = None
    role: str | None = None
    receipt_number: str | None = None


async def page(
    session: ReadSession, table: type[R], scope: Scope, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[R]:
    """Records in `scope`, the longest waiting first."""
    query = select(table).where(*_in(table, scope)).order_by(table.submitted_at, table.id).limit(limit)
    for column, value in (
        (table.status, wanted.status),
        (table.role, wanted.role),
        (table.receipt_number, wanted.receipt_number),
    ):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(tuple_(table.submitted_at, table.id) > after)
    found: Sequence[R] = (await session.scalars(query)).all()
    return found


async def counts(session: ReadSession, table: type[R], scope: Scope) -> Sequence[Found[Any]]:
    """(`status`, `role`, `records`, `oldest`) of the records in `scope`: `oldest` is the moment of the first one."""
    query = (
        select(table.status, table.role, func.count().label("records"), func.min(table.submitted_at).label("oldest"))
        .where(*_in(table, scope))
        .group_by(table.status, table.role)
        .order_by(table.status, table.role)
    )
    found: Sequence[Found[Any]] = (await session.execute(query)).all()
    return found


async def earlier(
    session: ReadSession, table: type[R], scope: Scope, row: UsageRegistration | PeriodicReport, limit: int
) -> Sequence[R]:
    """Records in `scope` of the same account or organisation as `row`, without it, the newest first."""
    same: list[ColumnElement[bool]] = [table.account_id == row.account_id]
    if row.organisation_id is not None:
        same.append(table.organisation_id == row.organisation_id)
    query = select(table).where(*_in(table, scope), or_(*same), table.id != row.id)
    found: Sequence[R] = (await session.scalars(query.order_by(table.id.desc()).limit(limit))).all()
    return found


def _in(table: type[R], scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.everywhere else [table.office == scope.office]
