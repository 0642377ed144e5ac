"""One step of the work on an import: a timer that is due, in one transaction, with the next one set.

The file is read, and its rows are divided into ranges that go on by themselves, in as many processes as there are. Each
step of a range takes a number of rows, so that imports take turns, and a process that dies loses no more than its step.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from services.application.audit import Tag
from services.application.bulk import store
from services.application.bulk.commands import reading
from services.application.bulk.commands.binding import bind
from services.application.bulk.commands.dividing import RANGE, divide
from services.application.bulk.domain.ranges import AT_A_TIME
from services.application.bulk.domain.rows import RowProblem, WorkedRow, placed, still_unread
from services.application.bulk.domain.states import IN_PROGRESS, ImportState, RowState, state_of
from services.application.bulk.problems import draft_deleted, failed
from services.application.filing import store as filing
from services.application.filing.commands.submission import file_drafts
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.declared import Declared
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.store import Dossier
from services.application.progress.domain import Changes, State
from services.application.sheets.confined import BookReader
from services.application.tables import Import
from shared.auth import Actor, Owner
from shared.errors import FieldProblem
from shared.events.application import MOST_FILED_ROWS, BulkImportFinished, FiledRow
from shared.timers import Due, TimerHandler, at
from shared.work import Work

log = structlog.get_logger(__name__)


class _Undone(Exception):
    """Ends an attempt of which nothing is kept."""


def step(books: BookReader) -> TimerHandler:
    """The handler of the timer of an import: its file is read, and its rows are divided."""

    async def run(work: Work, due: Due) -> None:
        imported = await store.locked(work.session, due.subject_id)
        if imported is None:
            return
        work.actor = Actor.of_kept(imported.acts)
        if imported.state == ImportState.READING:
            await reading.read(work, imported, books)
        if imported.state in IN_PROGRESS and not await divide(work, imported):
            await _finish(work, imported)

    return run


def range_step(keys: PersonKeys) -> TimerHandler:
    """The handler of the timer of a range: its next rows, or its end."""

    async def run(work: Work, due: Due) -> None:
        found = await store.range_of(work.session, due.subject_id)
        if found is None:
            return
        part, imported = found
        work.actor = Actor.of_kept(imported.acts)
        rows = await store.next_rows(work.session, part, AT_A_TIME)
        await _work_through(work, imported, rows, keys, one_by_one=due.attempts > 0)
        part.done = rows[-1].position if len(rows) == AT_A_TIME else part.until
        part.changed_at = work.now
        if part.done < part.until:
            await at(work.session, RANGE, part.id, work.now)
        else:
            await _end(work, imported)

    return run


async def check_one(work: Work, imported: Import, row: WorkedRow, keys: PersonKeys) -> None:
    """Check one row against its draft as it is now."""
    await _check(work, imported, [row], keys)
    await store.keep_outcomes(work.session, imported.id, [row])


async def _work_through(
    work: Work, imported: Import, rows: list[WorkedRow], keys: PersonKeys, *, one_by_one: bool
) -> None:
    """Work on rows. After a failure on each by itself, so that the one that fails is found."""
    if not rows:
        return
    parts = [[row] for row in rows] if one_by_one else [rows]
    for part in parts:
        try:
            await _work_on(work, imported, part, keys, apart=one_by_one)
        except (OperationalError, InterfaceError, IntegrityError):
            raise  # the database, or somebody who was quicker: tried again as it is
        except Exception as error:
            if not one_by_one:
                raise
            log.exception("import.row_failed", position=part[0].position, error_type=type(error).__name__)
            part[0].state = RowState.WRONG.value
            part[0].problems = [RowProblem(failed(), None).kept()]
    await store.keep_outcomes(work.session, imported.id, rows)


async def _work_on(work: Work, imported: Import, rows: list[WorkedRow], keys: PersonKeys, *, apart: bool) -> None:
    async def done(work: Work) -> None:
        if imported.state == ImportState.FILING:
            await _file(work, imported, rows, keys)
        else:
            await _check(work, imported, rows, keys)
        if imported.dry_run:
            raise _Undone

    if not apart and not imported.dry_run:
        await done(work)
        return
    try:
        await work.attempt(done)
    except _Undone:
        for row in rows:
            row.application_id = row.revision = None


async def _check(work: Work, imported: Import, rows: list[WorkedRow], keys: PersonKeys) -> None:
    """Give rows that are new their drafts, and say of each whether it can be filed."""
    await bind(work, imported, [row for row in rows if row.state == RowState.READ], keys)
    found = await _dossiers(work, imported, rows, lock=False)
    for row in rows:
        if (dossier := _waiting(row, found)) is not None:
            _note(row, dossier, assess(dossier.draft(), work.today).problems)
        await asyncio.sleep(0)  # rules are computed: other requests get their turn


async def _file(work: Work, imported: Import, rows: list[WorkedRow], keys: PersonKeys) -> None:
    """File the rows whose drafts lack nothing."""
    assert imported.pressed_at is not None
    assert imported.declared is not None
    # The moment of the press counts, for the rules and for the receipt, whenever a row is reached.
    work.now, now = imported.pressed_at, work.now
    found = await _dossiers(work, imported, rows, lock=True)
    waiting = [(row, dossier) for row in rows if (dossier := _waiting(row, found)) is not None]
    readable = [dossier for row, dossier in waiting if not _unread(row, dossier)]
    declared = Declared(**imported.declared)
    problems = await file_drafts(work, readable, declared, keys, bulk_import_id=imported.id)
    filed = {dossier.application.id for dossier in readable if dossier.application.id not in problems}
    for row, dossier in waiting:
        if dossier.application.id in filed:
            _filed(row, dossier)
        else:
            _note(row, dossier, problems.get(dossier.application.id, ()))
    work.now = now


async def _dossiers(work: Work, imported: Import, rows: list[WorkedRow], *, lock: bool) -> dict[UUID, Dossier]:
    ids = [row.application_id for row in rows if row.application_id is not None]
    owner = Owner(imported.owner_id, work.actor.roles)
    found = await filing.dossiers(work.session, ids, owner, work.actor.account_id, work.today, lock=lock)
    return {dossier.application.id: dossier for dossier in found}


def _waiting(row: WorkedRow, found: Mapping[UUID, Dossier]) -> Dossier | None:
    """The row's draft; None where it has none, or where it is filed already, which is noted."""
    if row.application_id is None:
        return None
    dossier = found.get(row.application_id)
    if dossier is None:
        row.state, row.application_id, row.revision = RowState.WRONG.value, None, None
        row.problems = [RowProblem(draft_deleted(), None).kept()]
        return None
    if dossier.application.state != State.DRAFT:
        _filed(row, dossier)
        return None
    return dossier


def _filed(row: WorkedRow, dossier: Dossier) -> None:
    row.state, row.problems = RowState.FILED.value, []
    row.receipt_number, row.revision = dossier.application.receipt_number, dossier.application.revision


def _unread(row: WorkedRow, dossier: Dossier) -> list[RowProblem]:
    """Cells that could not be read, and whose value nobody has entered in the draft since."""
    if not row.problems:
        return []
    changes = Changes.parse(dossier.application.changes)
    return still_unread(map(RowProblem.of, row.problems), changes, row.revision or 0)


def _note(row: WorkedRow, dossier: Dossier, problems: Iterable[FieldProblem]) -> None:
    """Keep what hinders the filing of a row. A cell that could not be read is not said to be empty as well."""
    now = list(problems)
    wanted = {problem.pointer for problem in now}
    unread = [replace(each, needed=each.problem.pointer in wanted) for each in _unread(row, dossier)]
    places = {each.problem.pointer for each in unread}
    others = [problem for problem in now if problem.pointer not in places]
    found = [*unread, *(placed(row.read, others) if others else ())]
    row.state = state_of(each.problem for each in found).value
    row.problems = [each.kept() for each in found]
    row.revision = dossier.application.revision


async def _end(work: Work, imported: Import) -> None:
    """A range is done; the last one ends the work. Two that end at once wait here, and the second sees the first."""
    await work.session.flush()
    await store.locked(work.session, imported.id)
    if not await store.is_worked_on(work.session, imported.id):
        await store.forget_ranges(work.session, imported.id)
        await _finish(work, imported)


async def _finish(work: Work, imported: Import) -> None:
    """The work is done; the account that asked for filing, or for the check alone, is informed."""
    filing_ended = imported.state == ImportState.FILING
    imported.state = (ImportState.FINISHED if filing_ended else ImportState.CHECKED).value
    imported.done, imported.changed_at = imported.rows, work.now
    if filing_ended:
        await store.note_filed_elsewhere(work.session, imported.id)
    if not filing_ended and not imported.dry_run:
        return
    counts = (await store.counts_of(work.session, [imported.id]))[imported.id]
    good = counts.get(RowState.READY if imported.dry_run else RowState.FILED, 0)
    assert work.actor.account_id is not None
    work.journal("import", imported.id, Tag.FINISH_IMPORT, {"rows": imported.rows, "filed": counts.get("filed", 0)})
    work.emit(
        BulkImportFinished(
            bulk_import_id=imported.id,
            account_id=work.actor.account_id,
            organisation_id=imported.organisation_id,
            dry_run=imported.dry_run,
            rows=imported.rows,
            filed=counts.get(RowState.FILED, 0),
            failed=imported.rows - good,
            finished_at=work.now,
            filed_rows=() if imported.dry_run else await _filed_rows(work, imported.id),
        )
    )


async def _filed_rows(work: Work, import_id: UUID) -> tuple[FiledRow, ...]:
    """The first rows that were filed, for the one message about all of them."""
    return tuple(
        FiledRow(
            sheet=row.sheet,
            row=row.number,
            sealed_applicant=work.seal(name) if (name := row.line().applicant) else None,
            receipt_number=row.receipt_number,
        )
        for row in await store.filed_rows(work.session, import_id, 0, MOST_FILED_ROWS)
    )
