"""Confirming a draft where a cell of its row could not be read: it is filed as it is."""

from uuid import UUID

from services.application.audit import Tag
from services.application.bulk import store
from services.application.bulk.commands.imports import at_rest
from services.application.bulk.commands.steps import check_one
from services.application.bulk.domain.rows import RowProblem
from services.application.bulk.domain.states import RowState
from services.application.bulk.schemas import ConfirmedRow
from services.application.filing.commands.saving import locked_draft, touch
from services.application.filing.domain.person_keys import PersonKeys
from services.application.progress.domain import Changes
from shared.errors import NotFound
from shared.work import Work


async def confirm(work: Work, import_id: UUID, application_id: UUID, pointer: str, keys: PersonKeys) -> ConfirmedRow:
    """Note that the draft is right at `pointer`, where the cell of its row could not be read: by hand, as if the value
    had been entered. The row is checked again. A second time changes nothing.

    Raises `NotFound` for a row that there is not, and `Conflict` during the work and for one that is filed.
    """
    imported = await at_rest(work, import_id)
    row = await store.row_of(work.session, import_id, application_id)
    if row is None:
        raise NotFound()
    draft = await locked_draft(work, application_id)
    entered = Changes.parse(draft.changes).after(row.revision or 0)
    if pointer not in entered and any(each.can_be_confirmed(pointer) for each in map(RowProblem.of, row.problems)):
        touch(work, draft, [pointer])
        work.journal("application", draft.id, Tag.CONFIRM, {"import": str(import_id), "pointer": pointer})
        await work.session.flush()
    await check_one(work, imported, row, keys)
    return ConfirmedRow(state=RowState(row.state))
