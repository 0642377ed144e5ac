"""Queries of imports: what one step needs of many rows comes in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql import bindparam
from sqlalchemy.types import LargeBinary, Text

from services.application.bulk.domain.receipts import FiledRow
from services.application.bulk.domain.rows import WorkedRow
from services.application.bulk.domain.states import IN_PROGRESS
from services.application.tables import Application, Import, ImportFile, ImportRange, ImportRow, Progress
from shared.auth import Owner
from shared.db import ReadSession
from shared.db.together import insert_together, update_together
from shared.errors import NotFound

_LOCK_OWNER = text("SELECT pg_advisory_xact_lock(hashtextextended('imports:' || :owner, 0))")


def _theirs(owner: Owner) -> ColumnElement[bool]:
    """That an import is the owner's, and the caller acts in every role in which it was sent."""
    return and_(Import.owner_id == owner.id, Import.roles.contained_by(owner.role_codes))


async def own(session: ReadSession, import_id: UUID, owner: Owner) -> Import:
    """The caller's import. Raises `NotFound` also where it is somebody else's."""
    return _found(await session.scalar(select(Import).where(Import.id == import_id, _theirs(owner))))


async def own_locked(session: AsyncSession, import_id: UUID, owner: Owner) -> Import:
    """The caller's import, locked for a change. Raises `NotFound`."""
    query = select(Import).where(Import.id == import_id, _theirs(owner)).with_for_update()
    return _found(await session.scalar(query))


def _found(row: Import | None) -> Import:
    if row is None:
        raise NotFound()
    return row


async def locked(session: AsyncSession, import_id: UUID) -> Import | None:
    """An import for the step of its work, locked; None where it was deleted."""
    found: Import | None = await session.scalar(select(Import).where(Import.id == import_id).with_for_update())
    return found


async def range_of(session: AsyncSession, range_id: UUID) -> tuple[ImportRange, Import] | None:
    """A range for the step of its work, locked, and its import, which nothing changes meanwhile; None where it was
    deleted."""
    query = select(ImportRange, Import).join(Import, Import.id == ImportRange.import_id)
    found: Any = (
        await session.execute(query.where(ImportRange.id == range_id).with_for_update(of=ImportRange))
    ).first()
    return (found[0], found[1]) if found is not None else None


async def is_worked_on(session: AsyncSession, import_id: UUID) -> bool:
    """Whether a range of an import has rows that are left."""
    left = select(ImportRange.id).where(ImportRange.import_id == import_id, ImportRange.done < ImportRange.until)
    return bool(await session.scalar(select(left.exists())))


async def forget_ranges(session: AsyncSession, import_id: UUID) -> None:
    """Forget the ranges of an import, whose work is done."""
    await session.execute(delete(ImportRange).where(ImportRange.import_id == import_id))


async def how_far(session: ReadSession, imported: Sequence[Import]) -> dict[UUID, tuple[int, datetime]]:
    """The number of rows that the work on imports is through with, and when it last went on."""
    query = (
        select(
            ImportRange.import_id,
            func.sum(ImportRange.done - ImportRange.begins_after),
            func.max(ImportRange.changed_at),
        )
        .where(ImportRange.import_id.in_([each.id for each in imported]))
        .group_by(ImportRange.import_id)
    )
    found = {each.id: (each.done, each.changed_at) for each in imported}
    rows: Any = (await session.execute(query)).all()
    for import_id, through, changed_at in rows:
        before, at = found[import_id]
        found[import_id] = (before + through, max(at, changed_at))
    return found


async def page_of(
    session: ReadSession, owner: Owner, after: UUID | None, limit: int, application_id: UUID | None = None
) -> Sequence[Import]:
    """The owner's imports, newest first; those alone with a row for an application where it is given."""
    query = select(Import).where(_theirs(owner)).order_by(Import.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Import.id < after)
    if application_id is not None:
        row = select(ImportRow.position).where(
            ImportRow.import_id == Import.id, ImportRow.application_id == application_id
        )
        query = query.where(row.exists())
    return list((await session.scalars(query)).all())


async def count_of(session: AsyncSession, owner_id: UUID) -> tuple[int, int]:
    """The number of an owner's imports in progress, and of all that are kept; the next caller waits for this one."""
    await session.execute(_LOCK_OWNER, {"owner": str(owner_id)})
    busy = Import.state.in_([state.value for state in IN_PROGRESS])
    query = select(func.count().filter(busy), func.count()).where(Import.owner_id == owner_id)
    row = (await session.execute(query)).one()
    return int(row[0]), int(row[1])


async def content_of(session: ReadSession, import_id: UUID) -> bytes:
    """The file as it was sent."""
    return bytes(await session.scalar(select(ImportFile.content).where(ImportFile.import_id == import_id)))


async def add_rows(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that were read."""
    table: Any = ImportRow.__table__
    await insert_together(await session.connection(), table, rows)


async def forget_rows(session: AsyncSession, import_id: UUID) -> None:
    """Take back everything that was read."""
    await session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))


_WORKED = tuple(getattr(ImportRow, field.name) for field in fields(WorkedRow) if field.init)


async def next_rows(session: AsyncSession, part: ImportRange, limit: int) -> list[WorkedRow]:
    """The next rows of a range that are not filed, in the order of the file."""
    query = (
        select(*_WORKED)
        .where(
            ImportRow.import_id == part.import_id,
            ImportRow.position > part.done,
            ImportRow.position <= part.until,
            ImportRow.state != "filed",
        )
        .order_by(ImportRow.position)
        .limit(limit)
    )
    return [WorkedRow(*row) for row in (await session.execute(query)).all()]


async def keep_outcomes(session: AsyncSession, import_id: UUID, rows: Sequence[WorkedRow]) -> None:
    """Write what became of rows."""
    values = [
        {
            "import_id": import_id,
            "position": row.position,
            "state": row.state,
            "problems": row.problems,
            "application_id": row.application_id,
            "revision": row.revision,
            "receipt_number": row.receipt_number,
        }
        for row in rows
    ]
    table: Any = ImportRow.__table__
    await update_together(await session.connection(), table, ("import_id", "position"), values)


async def note_filed_elsewhere(session: AsyncSession, import_id: UUID) -> None:
    """Write what this import filed into the rows of earlier files that stand for the same applications."""
    own, other = aliased(ImportRow), ImportRow.__table__
    filed = (
        update(other)  # type: ignore[arg-type]
        .where(
            own.import_id == import_id,
            own.state == "filed",
            other.c.application_id == own.application_id,
            other.c.import_id != import_id,
            other.c.state != "filed",
        )
        .values(state="filed", problems=[], receipt_number=own.receipt_number)
    )
    await (await session.connection()).execute(filed)


async def row_page(
    session: ReadSession, import_id: UUID, state: str | None, application_id: UUID | None, after: int | None, limit: int
) -> Sequence[tuple[ImportRow, Application | None]]:
    """Rows of an import in the order of the file, each with its draft or application as it is now."""
    query = (
        select(ImportRow, Application)
        .outerjoin(Application, Application.id == ImportRow.application_id)
        .where(ImportRow.import_id == import_id, ImportRow.position > (after or 0))
        .order_by(ImportRow.position)
        .limit(limit)
    )
    if state is not None:
        query = query.where(ImportRow.state == state)
    if application_id is not None:
        query = query.where(ImportRow.application_id == application_id)
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def counts_of(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """The number of rows of each import in each state."""
    query = (
        select(ImportRow.import_id, ImportRow.state, func.count())
        .where(ImportRow.import_id.in_(ids))
        .group_by(ImportRow.import_id, ImportRow.state)
    )
    counts: dict[UUID, dict[str, int]] = {each: {} for each in ids}
    rows: Any = (await session.execute(query)).all()
    for import_id, state, count in rows:
        counts[import_id][state] = count
    return counts


async def outcomes_of(session: ReadSession, import_id: UUID) -> Sequence[Any]:
    """The outcome of every row: (sheet, number, key, state, receipt_number, problems, application_id)."""
    query = (
        select(
            ImportRow.sheet,
            ImportRow.number,
            ImportRow.key,
            ImportRow.state,
            ImportRow.receipt_number,
            ImportRow.problems,
            ImportRow.application_id,
        )
        .where(ImportRow.import_id == import_id)
        .order_by(ImportRow.position)
    )
    return (await session.execute(query)).all()


async def filed_rows(session: ReadSession, import_id: UUID, after: int, limit: int) -> list[FiledRow]:
    """The rows that were filed, after a position, in the order of the file, as their applications are now."""
    query = (
        select(
            *(ImportRow.position, ImportRow.key, Application.receipt_number),
            *(Application.procedure, Application.combined_with, Application.status_of_residence),
            *(Application.submitted_at, Application.legal_date, Application.office),
            *(Application.form_version, Application.form, ImportRow.sheet, ImportRow.number),
        )
        .join(Application, Application.id == ImportRow.application_id)
        .where(ImportRow.import_id == import_id, ImportRow.position > after, ImportRow.state == "filed")
        .order_by(ImportRow.position)
        .limit(limit)
    )
    rows: Any = (await session.execute(query)).all()
    return [FiledRow(*row) for row in rows]


async def of_keys(session: AsyncSession, owner_id: UUID, keys: Sequence[str]) -> dict[str, Application]:
    """The drafts and open applications of these rows' keys, locked, in the order of their ids."""
    query = (
        select(Application)
        .where(
            Application.owner_id == owner_id,
            Application.import_key == any_(bindparam("keys", list(keys), type_=ARRAY(Text))),
            # Written out: a plan for any value would not know of the index of these alone.
            Application.state.in_([literal(state, literal_execute=True) for state in ("draft", "received")]),
        )
        .order_by(Application.id)
        .with_for_update()
    )
    found = (await session.scalars(query)).all()
    return {row.import_key: row for row in found if row.import_key is not None}


async def last_rows(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, ImportRow]:
    """The row that wrote each of these drafts last."""
    query = (
        select(ImportRow)
        .where(ImportRow.application_id.in_(ids))
        .order_by(ImportRow.application_id, ImportRow.import_id.desc())
        .ext(distinct_on(ImportRow.application_id))
    )
    found = (await session.scalars(query)).all()
    return {row.application_id: row for row in found if row.application_id is not None}


async def last_filed(
    session: AsyncSession, owner_id: UUID, roles: Sequence[str], person_keys: Sequence[bytes], keys: Sequence[str]
) -> Sequence[tuple[Application, Progress | None]]:
    """Filed applications of these persons, or of rows with these keys, each with its progress; the last ones first."""
    person = Application.person_key == any_(bindparam("persons", list(person_keys), type_=ARRAY(LargeBinary)))
    key = Application.import_key == any_(bindparam("keys", list(keys), type_=ARRAY(Text)))
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(
            Application.owner_id == owner_id,
            Application.role.in_(roles),
            Application.state != "draft",
            or_(and_(Application.person_key.is_not(None), person), and_(Application.import_key.is_not(None), key)),
        )
        .order_by(Application.submitted_at.desc(), Application.id.desc())
    )
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def rows_of_keys(session: AsyncSession, import_id: UUID, keys: Sequence[str]) -> dict[str, WorkedRow]:
    """The rows of an import with these keys."""
    query = select(*_WORKED).where(ImportRow.import_id == import_id, ImportRow.key.in_(keys))
    found = [WorkedRow(*row) for row in (await session.execute(query)).all()]
    return {row.key: row for row in found}


async def row_of(session: AsyncSession, import_id: UUID, application_id: UUID) -> WorkedRow | None:
    """The row of an import for an application; None where it has none."""
    query = select(*_WORKED).where(ImportRow.import_id == import_id, ImportRow.application_id == application_id)
    found = (await session.execute(query)).first()
    return WorkedRow(*found) if found is not None else None


async def forget_before(session: AsyncSession, before: datetime) -> int:
    """Delete imports that were begun before then, with file and rows; how many. Applications stay."""
    idle = Import.state.not_in([state.value for state in IN_PROGRESS])
    gone = await session.execute(delete(Import).where(Import.created_at < before, idle).returning(Import.id))
    return len(gone.all())
