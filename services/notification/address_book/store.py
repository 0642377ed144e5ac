"""Tables and queries of the address book: copies of other services' facts, which can be erased, and choices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, MetaData, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.domain import How, Topic
from shared.db import ReadSession
from shared.db import Row as SharedRow
from shared.db.engine import NAMING


class Row(SharedRow):
    """Every table of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Contact(Row):
    """The address of an account. Without one, the account is closed and receives nothing any more."""

    __tablename__ = "contacts"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed_address: Mapped[str | None]
    sealed_name: Mapped[str | None]
    language: Mapped[str]
    # With which the account registered last; of an officer, to which they belong.
    office: Mapped[str | None]
    as_of: Mapped[datetime]


class Application(Row):
    """The facts of a filed application that its messages need, from ApplicationSubmitted."""

    __tablename__ = "applications"
    __journalled__ = False

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    role: Mapped[str | None]
    procedure: Mapped[str]
    office: Mapped[str]
    # The applicant's own, and when somebody who reads there confirmed it.
    sealed_address: Mapped[str | None]
    contact_confirmed_at: Mapped[datetime | None]
    language: Mapped[str | None]
    submitted_at: Mapped[datetime]
    # The case that examines it, and the officer who has it now, from CaseAllocated.
    case_id: Mapped[UUID | None]
    examiner_id: Mapped[UUID | None]
    # When nothing was left to do.
    ended_at: Mapped[datetime | None]


class Member(Row):
    """Whether an account acts for an organisation in a role, from the newest event about it.

    For oneself, and as an officer, an account acts with its own id in place of an organisation's.
    """

    __tablename__ = "members"
    __journalled__ = False

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    acts: Mapped[bool]
    as_of: Mapped[datetime]

    __table_args__ = (Index("ix_members_account_id", "account_id"),)


class Choice(Row):
    """The way in which messages of a topic come to an account; about colleagues, for each organisation (`owner_id`)."""

    __tablename__ = "choices"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]
    chosen_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("topic IN ('own', 'colleagues', 'cases')", name="topic"),
        CheckConstraint("how IN ('at_once', 'morning', 'inbox', 'none')", name="how"),
        Index("ix_choices_owner_id", "owner_id", postgresql_where=text("topic = 'colleagues' AND how <> 'none'")),
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague who chose to get messages about an application, with the address, if one is known."""

    contact: Contact
    how: How


async def find_contact(session: AsyncSession, account_id: UUID) -> Contact | None:
    """The address of an account, as of now."""
    contact: Contact | None = await session.get(Contact, account_id, populate_existing=True)
    return contact


async def read_contact(session: ReadSession, account_id: UUID) -> Contact | None:
    """The address of an account, to be read alone."""
    contact: Contact | None = await session.get(Contact, account_id)
    return contact


async def find_application(session: AsyncSession, application_id: UUID) -> Application | None:
    """The facts of an application, as of now."""
    application: Application | None = await session.get(Application, application_id, populate_existing=True)
    return application


async def lock_application(session: AsyncSession, application_id: UUID) -> Application | None:
    """The facts of an application, locked."""
    found: Application | None = await session.get(
        Application, application_id, populate_existing=True, with_for_update=True
    )
    return found


async def read_application(session: ReadSession, application_id: UUID) -> Application | None:
    """The facts of an application, to be read alone."""
    application: Application | None = await session.get(Application, application_id)
    return application


async def save_contact(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Save the address of an account, unless a newer one (`as_of`) is known."""
    put = insert(Contact).values(**values)
    newer = put.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: put.excluded[name] for name in ("sealed_address", "sealed_name", "language", "as_of")},
        where=Contact.as_of < put.excluded.as_of,
    )
    await session.execute(newer)


async def save_application(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Save the facts of an application; those that are known already stay."""
    await session.execute(insert(Application).values(**values).on_conflict_do_nothing())


async def change_address(
    session: AsyncSession, application_id: UUID, sealed_address: str, language: str, *, same: bool
) -> None:
    """Send the messages of an application to another address of the applicant from now on, which nobody has confirmed
    yet; where it is the `same`, in another language alone."""
    values: dict[str, Any] = {"sealed_address": sealed_address, "language": language}
    if not same:
        values["contact_confirmed_at"] = None
    await session.execute(update(Application).where(Application.application_id == application_id).values(values))


async def change_filer(session: AsyncSession, application_id: UUID, account_id: UUID) -> bool:
    """Inform another account about an application from now on; False where the application is not known."""
    of = Application.application_id == application_id
    put = update(Application).where(of).values(account_id=account_id).returning(Application.application_id)
    return await session.scalar(put) is not None


async def change_office(session: AsyncSession, application_id: UUID, office: str) -> None:
    """Name another office in the messages of an application from now on."""
    await session.execute(update(Application).where(Application.application_id == application_id).values(office=office))


async def end_application(session: AsyncSession, application_id: UUID, at: datetime) -> bool:
    """Save that nothing is left to do for an application; False where it is not known. The first time stands."""
    of = Application.application_id == application_id
    put = update(Application).where(of).values(ended_at=func.coalesce(Application.ended_at, at))
    return await session.scalar(put.returning(Application.application_id)) is not None


async def save_office(session: AsyncSession, account_id: UUID, office: str) -> None:
    """Save the office of an account that is known."""
    await session.execute(update(Contact).where(Contact.account_id == account_id).values(office=office))


async def erase_addresses(session: AsyncSession, before: datetime) -> None:
    """Erase applicants' own addresses from applications filed before `before`."""
    old = and_(Application.submitted_at < before, Application.sealed_address.is_not(None))
    await session.execute(update(Application).where(old).values(sealed_address=None, language=None))


async def change_examiner(session: AsyncSession, application_id: UUID, case_id: UUID, examiner_id: UUID | None) -> bool:
    """Inform another officer about an application from now on; False where the application is not known."""
    values = {"case_id": case_id, "examiner_id": examiner_id}
    of = Application.application_id == application_id
    found = await session.scalar(update(Application).where(of).values(values).returning(Application.application_id))
    return found is not None


async def save_members(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, roles: Collection[str], as_of: datetime
) -> None:
    """Save that an account acts for an organisation in exactly these roles, unless something newer is known."""
    one = and_(Member.organisation_id == organisation_id, Member.account_id == account_id, Member.as_of < as_of)
    await session.execute(update(Member).where(one, Member.role.not_in(list(roles))).values(acts=False, as_of=as_of))
    for role in roles:
        await _save_member(session, organisation_id, account_id, role, acts=True, as_of=as_of)


async def end_member(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, role: str, as_of: datetime
) -> None:
    """Save that an account acts for an organisation in a role no longer, unless something newer is known."""
    await _save_member(session, organisation_id, account_id, role, acts=False, as_of=as_of)


async def end_members(session: AsyncSession, account_id: UUID, as_of: datetime) -> None:
    """Save that an account acts for nobody, unless something newer is known."""
    of = and_(Member.account_id == account_id, Member.as_of < as_of)
    await session.execute(update(Member).where(of).values(acts=False, as_of=as_of))


async def _save_member(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, role: str, *, acts: bool, as_of: datetime
) -> None:
    put = insert(Member).values(
        organisation_id=organisation_id, account_id=account_id, role=role, acts=acts, as_of=as_of
    )
    newer = put.on_conflict_do_update(
        index_elements=["organisation_id", "account_id", "role"],
        set_={"acts": put.excluded.acts, "as_of": put.excluded.as_of},
        where=Member.as_of < put.excluded.as_of,
    )
    await session.execute(newer)


async def note_members(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, roles: Collection[str], as_of: datetime
) -> None:
    """Save of an account that its token says so, where nothing is known yet: it joined before this table was there."""
    rows = [
        {"organisation_id": organisation_id, "account_id": account_id, "role": role, "acts": True, "as_of": as_of}
        for role in sorted(roles)
    ]
    if rows:
        await session.execute(insert(Member).values(rows).on_conflict_do_nothing())


async def colleagues(session: AsyncSession, organisation_id: UUID, role: str, but: UUID | None) -> Sequence[Colleague]:
    """The colleagues of `but` who act for an organisation in a role, and chose messages about each other's
    applications."""
    query = (
        select(Contact, Choice.how)
        .join(Choice, Choice.account_id == Contact.account_id)
        .join(Member, and_(Member.account_id == Choice.account_id, Member.organisation_id == Choice.owner_id))
        .where(
            Choice.owner_id == organisation_id,
            Choice.topic == Topic.COLLEAGUES.value,
            Choice.how != How.NONE.value,
            Member.role == role,
            Member.acts,
        )
        .order_by(Contact.account_id)
    )
    if but is not None:
        query = query.where(Contact.account_id != but)
    rows: Any = (await session.execute(query)).all()
    return [Colleague(row[0], How(row[1])) for row in rows]


async def has_left(session: AsyncSession, organisation_id: UUID, role: str, account_id: UUID) -> bool:
    """Whether an account is known to act for an organisation in a role no longer."""
    one = await session.get(Member, (organisation_id, account_id, role), populate_existing=True)
    return one is not None and not one.acts


async def acting(session: AsyncSession, organisation_id: UUID | None, role: str | None) -> Sequence[Contact]:
    """Those who act for an organisation in a role and can be reached."""
    query = (
        select(Contact)
        .join(Member, Member.account_id == Contact.account_id)
        .where(
            Member.organisation_id == organisation_id,
            Member.role == role,
            Member.acts,
            Contact.sealed_address.is_not(None),
        )
        .order_by(Contact.account_id)
    )
    return (await session.scalars(query)).all()


async def choices_of(session: ReadSession, account_id: UUID) -> dict[tuple[Topic, UUID], How]:
    """The choices of an account, by topic and owner."""
    rows = await session.scalars(select(Choice).where(Choice.account_id == account_id))
    return {(Topic(row.topic), row.owner_id): How(row.how) for row in rows}


async def choice_of(session: ReadSession, account_id: UUID, topic: Topic) -> How | None:
    """The choice of an account for a topic that is its own and no organisation's; None for nothing."""
    query = select(Choice.how).where(
        Choice.account_id == account_id, Choice.owner_id == account_id, Choice.topic == topic.value
    )
    found = await session.scalar(query)
    return None if found is None else How(found)


async def choose(
    session: AsyncSession, account_id: UUID, owner_id: UUID, topic: Topic, how: How, now: datetime
) -> None:
    """Save what an account chose."""
    values = {"how": how.value, "chosen_at": now}
    put = insert(Choice).values(account_id=account_id, owner_id=owner_id, topic=topic.value, **values)
    await session.execute(put.on_conflict_do_update(index_elements=["account_id", "owner_id", "topic"], set_=values))
