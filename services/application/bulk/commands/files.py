"""Photos and documents for the rows of an import, by the keys of the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.application.bulk import store
from services.application.bulk.domain.rows import WorkedRow
from services.application.bulk.domain.states import IN_PROGRESS, RowState
from services.application.bulk.problems import in_progress
from services.application.bulk.schemas import FileOutcome, FilesAttached, KeyedFile, notices_of
from services.application.filing import store as filing
from services.application.filing.commands.attachments import known_files, require_usable
from services.application.filing.commands.drafts import put_documents
from services.application.filing.commands.saving import require_draft
from services.application.filing.domain.draft import Attachment, File
from services.application.filing.store import attachments_of
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import FieldProblem, NotFound, Problem
from shared.work import Work


@dataclass(frozen=True, slots=True)
class _Known:
    """The locked drafts of the rows, and the files that they would carry, by the role in which they are filed."""

    drafts: Mapping[UUID, Application]
    files: Mapping[str, Mapping[UUID, File]]


async def attach(work: Work, import_id: UUID, files: Sequence[KeyedFile]) -> FilesAttached:
    """Attach files to the drafts of the rows with their keys, each row's files together or none of them.

    A file that is attached already changes nothing, so that a repeated call does no harm. Raises `Conflict` while the
    import is worked on. What the rows have in common is asked once for all of them.
    """
    imported = await store.own_locked(work.session, import_id, Owner.of(work.actor))
    if imported.state in IN_PROGRESS:
        raise in_progress()
    rows = await store.rows_of_keys(work.session, import_id, sorted({file.key for file in files}))
    known = await _known(work, [row.application_id for row in rows.values() if row.application_id], files)
    by_key: dict[str, list[KeyedFile]] = {}
    for file in files:
        by_key.setdefault(file.key, []).append(file)
    outcomes = {key: _attach(work, rows.get(key), together, known) for key, together in by_key.items()}
    await work.session.flush()
    found = [outcomes[file.key].model_copy(update={"document_id": file.document_id}) for file in files]
    return FilesAttached(attached=sum(each.outcome == "attached" for each in found), files=found)


async def _known(work: Work, ids: Sequence[UUID], files: Sequence[KeyedFile]) -> _Known:
    owner = Owner.of(work.actor)
    drafts = await filing.locked_of(work.session, ids, owner)
    sent = [file.document_id for file in files]
    return _Known(drafts, await known_files(work.session, owner.id, drafts.values(), sent))


def _attach(work: Work, row: WorkedRow | None, files: Sequence[KeyedFile], known: _Known) -> FileOutcome:
    """The outcome of the files of one row."""
    outcome = FileOutcome(key=files[0].key, document_id=files[0].document_id, outcome="no-such-row")
    if row is None:
        return outcome
    if row.application_id is None or row.state == RowState.FILED:
        return outcome.model_copy(update={"outcome": "no-draft"})
    try:
        _put(work, known.drafts.get(row.application_id), files, known)
    except Problem as problem:
        fields = problem.fields or [FieldProblem("", problem.code, problem.detail or problem.title)]
        return outcome.model_copy(update={"outcome": "refused", "problems": notices_of(fields)})
    return outcome.model_copy(update={"outcome": "attached"})


def _put(work: Work, application: Application | None, files: Sequence[KeyedFile], known: _Known) -> None:
    """Attach files to a draft. Raises before anything is changed."""
    if application is None:
        raise NotFound()
    photo_id = next((file.document_id for file in files if not file.codes), application.photo_id)
    attached = attachments_of(application.attachments)
    documents = {each.document_id: each for each in attached}
    for file in files:
        if file.codes:
            documents[file.document_id] = Attachment(file.document_id, tuple(dict.fromkeys(file.codes)))
    together = tuple(documents.values())
    if photo_id == application.photo_id and together == attached:
        return
    require_draft(application)
    require_usable(photo_id, together, known.files[application.role], work.today, may_be_unknown=True)
    put_documents(work, application, photo_id, together)
