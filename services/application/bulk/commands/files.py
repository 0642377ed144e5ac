"""Photos and documents for the rows of an import, by the keys of the rows."""

from collections.abc import Sequence
from uuid import UUID

from services.application.bulk import store
from services.application.bulk.domain.rows import WorkedRow
from services.application.bulk.domain.states import IN_PROGRESS, RowState
from services.application.bulk.problems import in_progress
from services.application.bulk.schemas import FileOutcome, FilesAttached, KeyedFile, notices_of
from services.application.filing.commands.drafts import edit_documents
from services.application.filing.domain.draft import Attachment
from services.application.filing.store import attachments_of
from services.application.progress.store import own
from shared.auth import Owner
from shared.errors import FieldProblem, Problem
from shared.work import Work


async def attach(work: Work, import_id: UUID, files: Sequence[KeyedFile]) -> FilesAttached:
    """Attach files to the drafts of the rows with their keys, each row's files together or none of them.

    A file that is attached already changes nothing, so that a repeated call does no harm. Raises `Conflict` while the
    import is worked on.
    """
    imported = await store.own_locked(work.session, import_id, Owner.of(work.actor))
    if imported.state in IN_PROGRESS:
        raise in_progress()
    rows = await store.rows_of_keys(work.session, import_id, sorted({file.key for file in files}))
    by_key: dict[str, list[KeyedFile]] = {}
    for file in files:
        by_key.setdefault(file.key, []).append(file)
    outcomes = {}
    for key, together in by_key.items():
        outcomes[key] = await _attach(work, rows.get(key), together)
    found = [outcomes[file.key].model_copy(update={"document_id": file.document_id}) for file in files]
    return FilesAttached(attached=sum(each.outcome == "attached" for each in found), files=found)


async def _attach(work: Work, row: WorkedRow | None, files: Sequence[KeyedFile]) -> FileOutcome:
    """The outcome of the files of one row."""
    outcome = FileOutcome(key=files[0].key, document_id=files[0].document_id, outcome="no-such-row")
    if row is None:
        return outcome
    if row.application_id is None or row.state == RowState.FILED:
        return outcome.model_copy(update={"outcome": "no-draft"})

    async def attached(work: Work) -> None:
        assert row is not None
        assert row.application_id is not None
        application = await own(work.session, row.application_id, Owner.of(work.actor))
        photo_id = next((file.document_id for file in files if not file.codes), application.photo_id)
        documents = {each.document_id: each for each in attachments_of(application.attachments)}
        for file in files:
            if file.codes:
                documents[file.document_id] = Attachment(file.document_id, tuple(dict.fromkeys(file.codes)))
        if photo_id == application.photo_id and list(documents.values()) == [*attachments_of(application.attachments)]:
            return
        await edit_documents(work, row.application_id, lambda _: None, photo_id, list(documents.values()))

    try:
        await work.attempt(attached)
    except Problem as problem:
        fields = problem.fields or [FieldProblem("", problem.code, problem.detail or problem.title)]
        return outcome.model_copy(update={"outcome": "refused", "problems": notices_of(fields)})
    return outcome.model_copy(update={"outcome": "attached"})
