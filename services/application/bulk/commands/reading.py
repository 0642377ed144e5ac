"""The first step of an import: its file is read in a confined process, and its rows are kept."""

import json
from contextlib import aclosing
from typing import Any
from uuid import UUID

from services.application.bulk import store
from services.application.bulk.domain.states import ImportState, RowState
from services.application.sheets.book import Book, RowRead, described_problems
from services.application.sheets.confined import BookReader
from services.application.tables import Import
from shared.work import Work

_AT_A_TIME = 200


async def read(work: Work, row: Import, books: BookReader) -> None:
    """Read the whole file, or refuse it: a process that dies meanwhile leaves nothing behind."""
    content = await store.content_of(work.session, row.id)
    book, found, batch = None, 0, []
    async with aclosing(books.read(content, row.name, work.today)) as items:
        async for item in items:
            if isinstance(item, Book):
                # The first item, or one that takes back everything before it.
                book = item
                if book.problems:
                    break
                continue
            found += 1
            batch.append(_kept(row.id, found, item))
            if len(batch) == _AT_A_TIME:
                await store.add_rows(work.session, batch)
                batch = []
    assert book is not None, "a reading begins with the book"
    row.kind = book.kind
    row.problems = described_problems(book.problems)
    row.notices = described_problems(book.notices)
    row.changed_at = work.now
    if book.problems:
        await store.forget_rows(work.session, row.id)
        row.state = ImportState.REFUSED.value
        return
    await store.add_rows(work.session, batch)
    row.rows, row.state = found, ImportState.CHECKING.value


def _kept(import_id: UUID, position: int, item: RowRead) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "position": position,
        "sheet": item.sheet,
        "number": item.number,
        "key": item.key,
        "state": RowState.READ.value,
        "content": json.dumps(item.described(), ensure_ascii=False, separators=(",", ":")),
        "problems": [],
        "application_id": None,
        "revision": None,
        "receipt_number": None,
    }
