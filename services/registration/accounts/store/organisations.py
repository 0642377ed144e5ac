"""Organisations (機関), their approvals per role, and the history of their categories."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint, exists, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import MEMBER_ROLES, Row, one_of
from shared.db import ReadSession
from shared.reference.offices import office_for


class Organisation(Row):
    """One organisation, known by its corporate number (法人番号), whichever member of its staff registers.

    Until an officer has approved a usage registration for it, its details are what the first applicant declared.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("corporate_number ~ '^[1-9][0-9]{12}$'", name="corporate_number"),
        CheckConstraint("postal_code ~ '^[0-9]{7}$'", name="postal_code"),
        CheckConstraint("prefecture ~ '^[0-9]{2}$'", name="prefecture"),
        CheckConstraint("capital_yen >= 0 AND employees >= 0", name="amounts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    corporate_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_kana: Mapped[str | None]
    address: Mapped[str]
    postal_code: Mapped[str]
    prefecture: Mapped[str]
    capital_yen: Mapped[int] = mapped_column(BigInteger)
    employees: Mapped[int]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # when an officer last approved these details
    revision: Mapped[int]


def office_of(row: Organisation, day: date) -> str:
    """The office that handles an organisation: the one where its head office is (REFERENCE §1.4)."""
    return office_for(row.prefecture, day).code


class OrganisationApproval(Row):
    """That an organisation may use the system in a role, until when. Periodic reports (定期報告) renew it."""

    __tablename__ = "organisation_approvals"
    __table_args__ = (
        UniqueConstraint("organisation_id", "role"),
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint("valid_until >= valid_from", name="period"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    usage_registration_id: Mapped[UUID]  # the one that was approved last


class OrganisationCategory(Row):
    """The category of an organisation from a day on; rows are only added, the newest one of a day holds."""

    __tablename__ = "organisation_categories"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(one_of("category", ("CAT1", "CAT2", "CAT3", "CAT4")), name="category"),
        CheckConstraint(one_of("treated_as", ("CAT1", "CAT2", "CAT3", "CAT4")), name="treated_as"),
        CheckConstraint("(recorded_by IS NULL) = (listed_or_public IS NULL)", name="proof"),
        CheckConstraint("withholding_yen >= 0", name="withholding_yen"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    category: Mapped[str]
    treated_as: Mapped[str]
    valid_from: Mapped[date]
    reason: Mapped[str]
    usage_registration_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    # What an officer saw, where one recorded proof; the rows that decisions add have none.
    recorded_by: Mapped[UUID | None]
    listed_or_public: Mapped[bool | None]
    withholding_yen: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None]


async def by_corporate_number(session: AsyncSession, number: str) -> Organisation | None:
    """The organisation of that number. The next transaction that asks waits for this one, found or not: two people
    of one organisation who register at the same moment make one organisation."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 1))"), {"name": number})
    return await session.scalar(select(Organisation).where(Organisation.corporate_number == number))


async def organisation(session: ReadSession, organisation_id: UUID) -> Organisation | None:
    """The organisation, as it is."""
    found: Organisation | None = await session.get(Organisation, organisation_id)
    return found


async def with_number(session: ReadSession, corporate_number: str) -> Organisation | None:
    """The organisation of a corporate number, for reading: nobody waits for anybody."""
    found: Organisation | None = await session.scalar(
        select(Organisation).where(Organisation.corporate_number == corporate_number)
    )
    return found


async def locked(session: AsyncSession, organisation_id: UUID) -> Organisation | None:
    """The organisation, locked for a change."""
    return await session.scalar(select(Organisation).where(Organisation.id == organisation_id).with_for_update())


async def approvals(session: ReadSession, organisation_id: UUID) -> Sequence[OrganisationApproval]:
    """In which roles the organisation may act, and until when."""
    rows: Sequence[OrganisationApproval] = (
        await session.scalars(
            select(OrganisationApproval)
            .where(OrganisationApproval.organisation_id == organisation_id)
            .order_by(OrganisationApproval.role)
        )
    ).all()
    return rows


async def approval_of(session: AsyncSession, organisation_id: UUID, role: str) -> OrganisationApproval | None:
    """The organisation's approval for a role, locked."""
    return await session.scalar(
        select(OrganisationApproval)
        .where(OrganisationApproval.organisation_id == organisation_id, OrganisationApproval.role == role)
        .with_for_update()
    )


async def category_on(session: ReadSession, organisation_id: UUID, day: date) -> OrganisationCategory | None:
    """The category that holds on `day`."""
    found: OrganisationCategory | None = await session.scalar(
        select(OrganisationCategory)
        .where(OrganisationCategory.organisation_id == organisation_id, OrganisationCategory.valid_from <= day)
        .order_by(OrganisationCategory.valid_from.desc(), OrganisationCategory.number.desc())
        .limit(1)
    )
    return found


async def count_categorised(session: ReadSession) -> int:
    """The number of organisations that have a category."""
    query = select(func.count(OrganisationCategory.organisation_id.distinct()))
    return int(await session.scalar(query) or 0)


async def categorised_behind(
    session: AsyncSession, after: UUID | None, count: int
) -> dict[UUID, list[OrganisationCategory]]:
    """The categories of the organisations behind an id, in the order in which they were recorded; the organisations are
    locked against changes until the end of the transaction."""
    has = exists().where(OrganisationCategory.organisation_id == Organisation.id)
    page = select(Organisation.id).where(has).order_by(Organisation.id).limit(count)
    if after is not None:
        page = page.where(Organisation.id > after)
    ids = (await session.scalars(page.with_for_update(read=True))).all()
    query = select(OrganisationCategory).where(OrganisationCategory.organisation_id.in_(ids))
    found: dict[UUID, list[OrganisationCategory]] = {each: [] for each in ids}
    for row in await session.scalars(query.order_by(OrganisationCategory.number)):
        found[row.organisation_id].append(row)
    return found


async def category_history(session: ReadSession, organisation_id: UUID) -> Sequence[OrganisationCategory]:
    """All that was recorded of the organisation's category, the newest first."""
    rows: Sequence[OrganisationCategory] = (
        await session.scalars(
            select(OrganisationCategory)
            .where(OrganisationCategory.organisation_id == organisation_id)
            .order_by(OrganisationCategory.number.desc())
        )
    ).all()
    return rows


async def categories_known(session: AsyncSession, organisation_id: UUID) -> int:
    """The number of rows in the organisation's history."""
    count = await session.scalar(select(func.count()).where(OrganisationCategory.organisation_id == organisation_id))
    return count or 0


async def names(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of organisations by their ids."""
    rows = await session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def treated_without_approval(session: ReadSession, today: date, limit: int) -> Sequence[tuple[UUID, str]]:
    """Organisations treated as another category than their own although no approval is in force: id and category."""
    last = (
        select(OrganisationCategory)
        .ext(distinct_on(OrganisationCategory.organisation_id))
        .order_by(OrganisationCategory.organisation_id, OrganisationCategory.number.desc())
        .subquery()
    )
    ended = (
        select(OrganisationApproval.organisation_id)
        .group_by(OrganisationApproval.organisation_id)
        .having(func.max(OrganisationApproval.valid_until) < today)
    )
    rows = await session.execute(
        select(last.c.organisation_id, last.c.category)
        .where(last.c.category != last.c.treated_as, last.c.organisation_id.in_(ended))
        .limit(limit)
    )
    return [(row.organisation_id, row.category) for row in rows]
