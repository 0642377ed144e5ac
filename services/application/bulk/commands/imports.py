"""Beginning an import, filing what is ready, checking again, deleting. The work itself is done in `steps`."""

from hashlib import sha256
from uuid import UUID

from services.application.audit import Tag
from services.application.bulk import store
from services.application.bulk.domain.limits import Allowed
from services.application.bulk.domain.states import AT_REST, IN_PROGRESS, ImportState, RowState
from services.application.bulk.problems import (
    in_progress,
    nothing_to_file,
    only_checked,
    refused_file,
    too_many_in_progress,
    too_many_kept,
)
from services.application.bulk.schemas import Begun, Deleted, Sent
from services.application.filing.commands.submission import refusal
from services.application.filing.domain.declared import Declared, is_outdated, undeclared
from services.application.filing.domain.permission import lapsed
from services.application.filing.problems import outdated_declarations
from services.application.tables import Import, ImportFile
from shared.auth import BULK_ROLES, Owner
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

# The timer that is set while there is work on an import.
STEP = "import"


async def begin(work: Work, sent: Sent, allowed: Allowed) -> Begun:
    """Keep a file, and have it read. Raises `TooManyImports`."""
    actor = work.actor
    assert actor.owner_id is not None, "a person with a role has an id"
    assert actor.account_id is not None
    busy, kept = await store.count_of(work.session, actor.owner_id)
    if busy >= allowed.in_progress:
        raise too_many_in_progress(allowed.in_progress)
    if kept >= allowed.kept:
        raise too_many_kept(allowed.kept)
    row = Import(
        id=new_id(),
        owner_id=actor.owner_id,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        roles=sorted(role.value for role in actor.roles & BULK_ROLES),
        acts=actor.kept(),
        name=sent.name,
        size=len(sent.content),
        sha256=sha256(sent.content).hexdigest(),
        dry_run=sent.dry_run,
        state=ImportState.READING.value,
        kind=None,
        problems=[],
        notices=[],
        rows=0,
        done=0,
        created_at=work.now,
        changed_at=work.now,
        declared=None,
        pressed_at=None,
    )
    work.session.add(row)
    await work.session.flush()
    work.session.add(ImportFile(import_id=row.id, content=sent.content))
    work.journal("import", row.id, Tag.IMPORT, {"sha256": row.sha256, "dry_run": row.dry_run})
    await at(work.session, STEP, row.id, work.now)
    return Begun(id=row.id, state=ImportState.READING)


async def submit(work: Work, import_id: UUID, declared: Declared) -> Begun:
    """File every row that is ready, in the background; this moment counts for each of them. Raises `Conflict` while
    the import is worked on, and where nothing is left to file; `Invalid` without both declarations."""
    row = await at_rest(work, import_id)
    if row.dry_run:
        raise only_checked()
    if work.actor.lapsed:
        raise refusal([lapsed()])
    if is_outdated(declared, work.today):
        raise outdated_declarations()
    if missing := list(undeclared(declared, work.today)):
        raise refusal(missing)
    counts = (await store.counts_of(work.session, [row.id]))[row.id]
    if not sum(counts.values()) - counts.get(RowState.FILED, 0):
        raise nothing_to_file()
    row.declared = {"answers": dict(declared.answers), "language": declared.language, "version": declared.version}
    row.pressed_at = work.now
    row.acts = work.actor.kept()
    return await _work_on(work, row, ImportState.FILING, Tag.SUBMIT_IMPORT)


async def check_again(work: Work, import_id: UUID) -> Begun:
    """Check every row that is not filed against its draft as it is now. Raises `Conflict` while it is worked on."""
    row = await at_rest(work, import_id)
    row.acts = work.actor.kept()
    return await _work_on(work, row, ImportState.CHECKING, Tag.CHECK_IMPORT)


async def delete(work: Work, import_id: UUID) -> Deleted:
    """Delete an import with its file and rows; drafts and applications stay. Raises `Conflict` during its work."""
    row = await store.own_locked(work.session, import_id, Owner.of(work.actor))
    if row.state in IN_PROGRESS:
        raise in_progress()
    await work.session.delete(row)
    work.journal("import", import_id, Tag.DELETE_IMPORT)
    return Deleted(id=import_id)


def require_read(row: Import) -> None:
    """Raise `Conflict` where there is no outcome to show: the file is not read yet, or could not be."""
    if row.state == ImportState.READING:
        raise in_progress()
    if row.state == ImportState.REFUSED:
        raise refused_file()


async def at_rest(work: Work, import_id: UUID) -> Import:
    """The caller's import, locked. Raises `Conflict` while it is worked on, and where the file could not be read."""
    row = await store.own_locked(work.session, import_id, Owner.of(work.actor))
    if row.state in IN_PROGRESS:
        raise in_progress()
    if row.state not in AT_REST:
        raise refused_file()
    return row


async def _work_on(work: Work, row: Import, state: ImportState, tag: Tag) -> Begun:
    row.state, row.done, row.changed_at = state.value, 0, work.now
    work.journal("import", row.id, tag)
    await at(work.session, STEP, row.id, work.now)
    return Begun(id=row.id, state=state)
