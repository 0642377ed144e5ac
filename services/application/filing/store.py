"""Queries of filing: everything that a filing depends on comes in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.application.filing.domain.draft import Attachment, Draft, File, Standing
from services.application.filing.domain.selection import Selection
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.known.store import may_file
from services.application.tables import Account, Application, Document, Member, OrganisationCategory, Progress
from shared.auth import Owner
from shared.db import ReadSession
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application with the facts of other services about its files, its filer and its organisation."""

    application: Application
    account_state: str | None
    account_valid_until: date | None
    category: str | None
    files: tuple[File, ...]
    other_open: bool

    def draft(self) -> Draft:
        """As the rules see it."""
        row = self.application
        return Draft(
            version=form_of(row.form_version, row.combined_with),
            procedure=row.procedure,
            combined_with=tuple(row.combined_with),
            status_of_residence=row.status_of_residence,
            activity=row.activity,
            role=row.role,
            form=Form(json.loads(row.form)),
            notify_email=row.notify_email,
            photo_id=row.photo_id,
            attachments=attachments_of(row.attachments),
            files={file.id: file for file in self.files},
            known_category=self.category,
            standing=Standing(self.account_state, self.account_valid_until),
            other_open=self.other_open,
        )


def selection_of(application: Application) -> Selection:
    """The selection of an application."""
    return Selection(
        application.procedure,
        application.status_of_residence,
        application.activity,
        tuple(application.combined_with),
    )


def attachments_of(rows: Sequence[dict[str, Any]]) -> tuple[Attachment, ...]:
    """Stored attachments, typed."""
    return tuple(Attachment(UUID(row["document_id"]), tuple(row["codes"])) for row in rows)


async def dossier(
    session: ReadSession,
    application_id: UUID,
    owner: Owner,
    account_id: UUID | None,
    today: date,
    *,
    lock: bool = False,
) -> Dossier:
    """The caller's application with all that its filing depends on. Raises `NotFound` where it is not theirs."""
    found = await dossiers(session, [application_id], owner, account_id, today, lock=lock)
    if not found:
        raise NotFound()
    return found[0]


async def dossiers(
    session: ReadSession,
    ids: Sequence[UUID],
    owner: Owner,
    account_id: UUID | None,
    today: date,
    *,
    lock: bool = False,
) -> list[Dossier]:
    """The caller's applications among `ids`, in the order of their ids, each with all that its filing depends on."""
    whose = {"owner_id": owner.id, "roles": owner.role_codes}
    asked = {"ids": list(ids), "account_id": account_id, "today": today, **whose}
    rows: Any = (await session.execute(_DOSSIERS_LOCKED if lock else _DOSSIERS, asked)).all()
    return [
        Dossier(row[0], row.account_state, row.valid_until, row.category, _files(row.files), row.other_open)
        for row in rows
    ]


def _sent_in(role: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    # A file without roles was sent with a token for one record, or before roles were reported.
    return or_(Document.roles.is_(None), Document.roles == [], role == any_(Document.roles))


def _dossier_query() -> Select[Any]:
    file = func.jsonb_build_object(
        "id", Document.id, "kind", Document.kind, "size", Document.size, "state", Document.state,
        "problems", func.to_jsonb(Document.problems),
    )  # fmt: skip
    files = (
        select(func.jsonb_agg(file))
        .where(
            Document.id == any_(Application.file_ids),
            Document.owner_id == Application.owner_id,
            _sent_in(Application.role),
        )
        .correlate(Application)
        .scalar_subquery()
    )
    category = (
        select(OrganisationCategory.treated_as)
        .where(
            OrganisationCategory.organisation_id == Application.organisation_id,
            OrganisationCategory.valid_from <= bindparam("today", type_=Date),
        )
        .order_by(OrganisationCategory.valid_from.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    other = aliased(Application)
    other_open = (
        exists()
        .where(
            and_(
                other.owner_id == Application.owner_id,
                other.procedure == Application.procedure,
                other.person_key == Application.person_key,
                # Written out: a plan for any value would know of no index that has received ones alone.
                other.state == literal("received", literal_execute=True),
                other.id != Application.id,
            )
        )
        .correlate(Application)
    )
    return (
        select(
            Application,
            Account.state.label("account_state"),
            Account.valid_until,
            category.label("category"),
            files.label("files"),
            other_open.label("other_open"),
        )
        .outerjoin(Account, Account.id == bindparam("account_id", type_=Uuid))
        .where(
            Application.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
            # Not what an index is asked for: of an owner who has just begun thousands the planner does not know yet.
            Application.owner_id.is_not_distinct_from(bindparam("owner_id", type_=Uuid)),
            Application.role == any_(bindparam("roles", type_=ARRAY(Text))),
        )
        # Two that lock the same ones lock them in the same order.
        .order_by(Application.id)
    )


# Built once: putting this query together takes longer than running it.
_DOSSIERS = _dossier_query()
_DOSSIERS_LOCKED = _DOSSIERS.with_for_update(of=Application)


def _files(rows: list[dict[str, Any]] | None) -> tuple[File, ...]:
    return tuple(
        File(UUID(row["id"]), row["kind"], row["size"], row["state"], tuple(row["problems"])) for row in rows or ()
    )


async def files_of(session: ReadSession, owner_id: UUID, role: str, ids: Sequence[UUID]) -> dict[UUID, File]:
    """The owner's files among `ids` that were sent in `role`, by id; somebody else's and unknown ones are left out."""
    query = select(Document).where(Document.id.in_(ids), Document.owner_id == owner_id, _sent_in(literal(role)))
    return {
        row.id: File(row.id, row.kind, row.size, row.state, tuple(row.problems), row.reported_at)
        for row in (await session.scalars(query)).all()
    }


async def next_serials(session: AsyncSession, office: str, year: int, wanted: int) -> list[int]:
    """The next serials of an office in a year, in rising order; never given twice, gaps are possible."""
    found = (await session.scalars(_NEXT_SERIALS, {"office": office, "year": year, "wanted": wanted})).all()
    return sorted(found)


_NEXT_SERIALS = select(
    func.next_serials(
        bindparam("office", type_=Text), bindparam("year", type_=Integer), bindparam("wanted", type_=Integer)
    )
)


async def forgotten_drafts(session: AsyncSession, before: datetime, limit: int) -> Sequence[Application]:
    """Drafts untouched since `before` and not marked yet, oldest first, locked; those that others lock are left out."""
    query = select(Application).where(*_forgotten(before)).order_by(Application.updated_at)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def count_forgotten_drafts(session: AsyncSession, before: datetime) -> int:
    """Number of drafts untouched since `before` and not marked yet."""
    return await session.scalar(select(func.count()).select_from(Application).where(*_forgotten(before))) or 0


def _forgotten(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Application.state == "draft", Application.updated_at <= before, Application.reminded_at.is_(None))


async def drafts_of_ending_stays(
    session: AsyncSession, today: date, reminders: Sequence[int], limit: int
) -> Sequence[Application]:
    """Drafts for people whose stay ends so many days from `today` or sooner, and who were not reminded since that day;
    the first end first, locked as `forgotten_drafts`. A person whose application is pending needs no reminder.
    """
    pending = aliased(Application)
    is_pending = exists().where(
        pending.owner_id == Application.owner_id,
        pending.person_key == Application.person_key,
        pending.state == "received",
    )
    not_reminded = [
        and_(
            Application.stay_expiry <= today + timedelta(days=days),
            or_(Application.stay_reminder.is_(None), Application.stay_reminder > days),
        )
        for days in reminders
    ]
    query = (
        select(Application)
        .where(Application.state == "draft", Application.stay_expiry >= today, or_(*not_reminded), ~is_pending)
        .order_by(Application.stay_expiry, Application.owner_id, Application.person_key, Application.id)
    )
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True, of=Application))).all()


async def untouched_drafts(
    session: AsyncSession, before: datetime, reminded_before: datetime, limit: int
) -> Sequence[Application]:
    """Drafts begun before `before`, never changed since, and whose owner was reminded of that before `reminded_before`;
    oldest first, locked as `forgotten_drafts`.
    """
    due = (
        Application.state == "draft",
        Application.updated_at <= before,
        Application.revision == 1,
        Application.reminded_at <= reminded_before,
    )
    query = select(Application).where(*due).order_by(Application.updated_at)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def unseen(session: AsyncSession, before: datetime) -> tuple[int, datetime | None]:
    """Number of applications received up to `before` of which review has reported nothing, and the oldest moment."""
    late = (
        select(func.count(), func.min(Application.submitted_at))
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(
            Application.state == "received",
            Application.submitted_at <= before,
            Progress.application_id.is_(None),
        )
    )
    count, oldest = (await session.execute(late)).one()
    return int(count), oldest


async def acts_for(session: ReadSession, organisation_id: UUID, role: str, account_id: UUID, today: date) -> bool:
    """Whether an account that may file today acts for an organisation in a role."""
    query = (
        select(Member.account_id)
        .join(Account, Account.id == Member.account_id)
        .where(
            Member.organisation_id == organisation_id,
            Member.account_id == account_id,
            literal(role) == any_(Member.roles),
            may_file(today),
        )
    )
    return await session.scalar(query) is not None


async def locked_of(session: AsyncSession, ids: Sequence[UUID], owner: Owner) -> dict[UUID, Application]:
    """The owner's applications among `ids`, locked in the order of their ids."""
    query = (
        select(Application)
        .where(
            Application.id.in_(ids),
            Application.owner_id.is_not_distinct_from(owner.id),
            Application.role.in_(owner.role_codes),
        )
        .order_by(Application.id)
        .with_for_update()
    )
    return {row.id: row for row in await session.scalars(query)}


async def same_person_open(session: ReadSession, application: Application) -> str | None:
    """The receipt number of the owner's pending application of the same kind and status for somebody of the same name,
    birth date and nationality; None where there is none."""
    if application.person is None:
        return None
    found: str | None = await session.scalar(
        select(Application.receipt_number)
        .where(
            Application.owner_id == application.owner_id,
            Application.role == application.role,
            Application.procedure == application.procedure,
            Application.status_of_residence == application.status_of_residence,
            Application.person == application.person,
            Application.state == "received",
            Application.id != application.id,
        )
        .order_by(Application.submitted_at.desc())
        .limit(1)
    )
    return found
