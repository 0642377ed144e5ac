"""Tables and queries of the document service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.domain import Kind, RecordKind, Status
from shared.auth import Owner
from shared.db import ReadSession
from shared.db import Row as SharedRow
from shared.db.engine import NAMING


class Row(SharedRow):
    """Every table of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Document(Row):
    """One upload that was judged. Bytes are counted; `sha256` is of what is stored, `original_sha256` of what came."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))  # in which it was sent; None: any of the owner's
    account_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    kind: Mapped[str]
    status: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # People name files after people: kept for its owner, journalled as a digest only.
    file_name: Mapped[str | None] = mapped_column(info={"secret": True})
    original_size: Mapped[int]
    original_sha256: Mapped[str]
    object_key: Mapped[str | None]
    content_type: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    problems: Mapped[list[str]] = mapped_column(ARRAY(Text))
    advice: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    filed_with: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]
    delete_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('photo', 'pdf')", name="kind"),
        CheckConstraint("status IN ('accepted', 'rejected', 'deleted')", name="status"),
        CheckConstraint(
            "status <> 'accepted' OR (object_key IS NOT NULL AND size > 0 AND sha256 IS NOT NULL"
            " AND content_type IS NOT NULL AND cardinality(problems) = 0)",
            name="accepted_is_stored",
        ),
        CheckConstraint(
            "status <> 'rejected' OR (object_key IS NULL AND cardinality(problems) > 0)", name="rejected_is_not_stored"
        ),
        CheckConstraint(
            "(status = 'deleted') = (deleted_at IS NOT NULL AND delete_reason IS NOT NULL)", name="deleted_says_why"
        ),
        CheckConstraint("(filed_at IS NULL) = (filed_with IS NULL)", name="filed_with"),
        Index("ix_documents_owner_id", "owner_id", "created_at", "id"),
        Index("ix_documents_filed_with", "filed_with", postgresql_where=text("filed_with IS NOT NULL")),
        Index(
            "ix_documents_unfiled",
            "owner_id",
            "size",
            postgresql_where=text("status = 'accepted' AND filed_at IS NULL"),
        ),
        Index("ix_documents_created_at", "created_at", postgresql_where=text("status = 'accepted'")),
        Index("uq_documents_object_key", "object_key", unique=True),
    )


class LeftoverObject(Row):
    """An object whose document is deleted and that still lies in the store: removed by the next round of the job."""

    __tablename__ = "leftover_objects"
    __journalled__ = False

    object_key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class SweptDay(Row):
    """A day whose stored objects were compared with the rows."""

    __tablename__ = "swept_days"
    __journalled__ = False

    day: Mapped[date] = mapped_column(primary_key=True)
    swept_at: Mapped[datetime]
    removed: Mapped[int]


class CheckSpending(Row):
    """The cost of the checks of one owner, or of one address of people without an account, in one hour.

    `spender` is `owner:<uuid>` or `address:<digest>`; seconds are of CPU.
    """

    __tablename__ = "check_spending"
    __journalled__ = False

    spender: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    refused: Mapped[int]


class HashRound(Row):
    """Progress of the background comparison of stored files with their hashes: one row."""

    __tablename__ = "hash_rounds"
    __journalled__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[UUID | None]
    since: Mapped[datetime]


class ClosedApplication(Row):
    """When an application came to its end, by review's events: the retention of its files begins."""

    __tablename__ = "closed_applications"
    __journalled__ = False

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class Filing(Row):
    """A record that a file was filed with. `filed_with` of the document names the first; there may be others, because
    the proof of an organisation's category serves a periodic report as well as an application."""

    __tablename__ = "filings"
    __journalled__ = False  # the journal's line names the files
    __table_args__ = (CheckConstraint(f"kind IN ({', '.join(repr(str(k)) for k in RecordKind)})", name="kind"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str]


class Handling(Row):
    """The office that handles a record, by the events of its filing and of its examination: whose officers see its
    files. `told_at` keeps an older event from overwriting a newer one: they come on two topics."""

    __tablename__ = "handlings"
    __journalled__ = False

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str]
    told_at: Mapped[datetime]


class RegistrationTerm(Row):
    """When a usage registration or a periodic report is over, by registration's events; the day may be to come."""

    __tablename__ = "registration_terms"
    __journalled__ = False

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


class StoppedAccount(Row):
    """An account that may not upload for now, by registration's events."""

    __tablename__ = "stopped_accounts"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]


async def lock_owner(session: AsyncSession, owner_id: UUID) -> None:
    """Let uploads of one owner pass one after the other until the transaction ends: the quota is then exact."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"quota:{owner_id}", 0))))


async def unfiled(session: ReadSession, owner_id: UUID) -> tuple[int, int]:
    """How many accepted files of an owner are not filed, and their bytes together."""
    mine = and_(Document.owner_id == owner_id, Document.status == Status.ACCEPTED, Document.filed_at.is_(None))
    query = select(func.count(), func.coalesce(func.sum(Document.size), 0)).where(mine)
    row: Any = (await session.execute(query)).one()
    return int(row[0]), int(row[1])


async def is_stopped(session: ReadSession, account_id: UUID) -> bool:
    """Whether the account may not upload."""
    return await session.get(StoppedAccount, account_id) is not None


async def find(session: ReadSession, document_id: UUID, *, lock: bool = False) -> Document | None:
    """One document that is not deleted, locked for a change where asked."""
    query = select(Document).where(Document.id == document_id, Document.status != Status.DELETED)
    document: Document | None = await session.scalar(query.with_for_update() if lock else query)
    return document


async def of_owner(
    session: ReadSession, owner: Owner, application_id: UUID | None, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Document]:
    """An owner's accepted files, oldest first."""
    query = select(Document).where(
        Document.owner_id == owner.id,
        or_(Document.roles.is_(None), Document.roles.overlap(owner.role_codes)),
        Document.status == Status.ACCEPTED,
    )
    if application_id is not None:
        filed = exists().where(Filing.document_id == Document.id, Filing.record_id == application_id)
        query = query.where(or_(Document.application_id == application_id, filed))
    if after is not None:
        query = query.where(tuple_(Document.created_at, Document.id) > after)
    rows: Sequence[Document] = (
        await session.scalars(query.order_by(Document.created_at, Document.id).limit(limit))
    ).all()
    return rows


async def to_file(
    session: AsyncSession, document_ids: Sequence[UUID], record_id: UUID, kind: RecordKind
) -> Sequence[Document]:
    """Those of `document_ids` that were not filed with that record yet, locked; they are now."""
    query = select(Document).where(Document.id.in_(document_ids)).order_by(Document.id).with_for_update()
    found = (await session.scalars(query)).all()
    if not found:
        return ()
    rows = [{"document_id": document.id, "record_id": record_id, "kind": kind.value} for document in found]
    filed = insert(Filing).values(rows).on_conflict_do_nothing().returning(Filing.document_id)
    new = set((await session.scalars(filed)).all())
    return [document for document in found if document.id in new]


@dataclass(frozen=True, slots=True)
class FiledWith:
    """A record that a file was filed with. `office` is None while it is not known."""

    kind: str
    office: str | None


async def filed_with(session: ReadSession, document_id: UUID) -> Sequence[FiledWith]:
    """The records that a file was filed with."""
    query = select(Filing.kind, Handling.office).outerjoin(Handling, Handling.record_id == Filing.record_id)
    rows = await session.execute(query.where(Filing.document_id == document_id))
    return [FiledWith(row.kind, row.office) for row in rows]


async def handled_by(session: AsyncSession, record_id: UUID, office: str, told_at: datetime) -> None:
    """Note which office handles a record, unless something newer is known."""
    put = insert(Handling).values(record_id=record_id, office=office, told_at=told_at)
    await session.execute(
        put.on_conflict_do_update(
            index_elements=["record_id"],
            set_={"office": put.excluded.office, "told_at": put.excluded.told_at},
            where=Handling.told_at < put.excluded.told_at,
        )
    )


async def unfiled_of(session: AsyncSession, owner_id: UUID) -> Sequence[Document]:
    """An owner's accepted files that were not filed, locked."""
    query = select(Document).where(
        Document.owner_id == owner_id, Document.status == Status.ACCEPTED, Document.filed_at.is_(None)
    )
    return (await session.scalars(query.order_by(Document.id).with_for_update())).all()


async def never_filed(session: AsyncSession, before: datetime, limit: int) -> Sequence[Document]:
    """Accepted files stored before `before` and not filed, oldest first, locked; others' locks are passed over."""
    query = select(Document).where(
        Document.status == Status.ACCEPTED, Document.filed_at.is_(None), Document.created_at < before
    )
    query = query.order_by(Document.created_at).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def of_closed(
    session: AsyncSession, applications: datetime | None, registrations: datetime | None, limit: int
) -> Sequence[Document]:
    """Accepted files every record of which ended before `applications` or `registrations` (None: stays), locked."""
    over = [
        select(Filing.document_id, Filing.record_id).join(ended, key == Filing.record_id).where(ended_at < before)
        for ended, key, ended_at, before in (
            (ClosedApplication, ClosedApplication.application_id, ClosedApplication.closed_at, applications),
            (RegistrationTerm, RegistrationTerm.record_id, RegistrationTerm.ends_at, registrations),
        )
        if before is not None
    ]
    if not over:
        return ()
    ended = union_all(*over).subquery()
    going_on = (
        select(Filing.record_id)
        .where(
            Filing.document_id == Document.id,
            ~exists().where(ended.c.document_id == Filing.document_id, ended.c.record_id == Filing.record_id),
        )
        .exists()
    )
    query = (
        select(Document)
        .where(Document.status == Status.ACCEPTED, Document.id.in_(select(ended.c.document_id)), ~going_on)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def kept_keys(session: ReadSession, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that belong to an accepted document."""
    query = select(Document.object_key).where(Document.object_key.in_(keys), Document.status == Status.ACCEPTED)
    return set((await session.scalars(query)).all())


async def sweep_bounds(session: ReadSession) -> tuple[date | None, datetime | None]:
    """The last day that was swept, and when the first upload of all was."""
    last = await session.scalar(select(func.max(SweptDay.day)))
    first = await session.scalar(select(func.min(Document.created_at)))
    return last, first


async def leftovers(session: AsyncSession, limit: int) -> Sequence[LeftoverObject]:
    """Objects to be removed, longest waiting first, locked."""
    query = select(LeftoverObject).order_by(LeftoverObject.since).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def forget_spending(session: AsyncSession, before: datetime) -> None:
    """Remove what was counted before `before`."""
    await session.execute(delete(CheckSpending).where(CheckSpending.hour < before))


async def hash_round(session: AsyncSession, now: datetime) -> HashRound:
    """The row with the progress of the hash comparison, locked; begun at `now` where there is none."""
    found: HashRound | None = await session.get(HashRound, 1, with_for_update=True)
    if found is None:
        found = HashRound(id=1, after=None, since=now)
        session.add(found)
    return found


async def stored_after(session: ReadSession, after: UUID | None, limit: int) -> Sequence[Document]:
    """The next accepted files in the order of their ids."""
    query = select(Document).where(Document.status == Status.ACCEPTED).order_by(Document.id).limit(limit)
    if after is not None:
        query = query.where(Document.id > after)
    rows: Sequence[Document] = (await session.scalars(query)).all()
    return rows


KINDS: tuple[Kind, ...] = tuple(Kind)
