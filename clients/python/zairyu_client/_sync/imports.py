# Generated from zairyu_client/_async by `python -m tests.clients`.
"""Many applications in one file."""

import builtins
import time
import time as clock
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from zairyu_client._sync.transport import Id, Transport
from zairyu_client.files import Source, opened
from zairyu_client.models import application
from zairyu_client.problems import NotDone

_WORKING = ("reading", "checking", "filing")
Progress = Callable[[application.ImportView], object]


class Imports:
    """From a workbook, a CSV or a file of the official bulk tools to receipts: upload, wait, attach, submit, wait."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self, file: Source, *, name: str | None = None, dry_run: bool = False, key: str | None = None
    ) -> application.Begun:
        """Send a file. With `dry_run` it is only checked."""
        form = [("dry_run", "true")] if dry_run else [("dry_run", "false")]
        sent = [opened(file, name)]
        return self._transport.model(application.Begun, "POST", "/imports", form=form, files=sent, key=key)

    def list(self, *, limit: int = 50) -> Iterator[application.ImportView]:
        """The imports of the owner, newest first."""
        return self._transport.items(application.ImportView, "/imports", query={"limit": limit})

    def get(self, id: Id) -> application.ImportView:
        """State and counts of an import."""
        return self._transport.model(application.ImportView, "GET", "/imports/{}", id)

    def wait(
        self, id: Id, *, progress: Progress | None = None, seconds: float = 600, pause: float = 1
    ) -> application.ImportView:
        """The import, once nothing is read, checked or filed any more. `progress` is called with each state in between.

        Raises `NotDone` after `seconds`; the work goes on.
        """
        ends = clock.monotonic() + seconds
        while True:
            found = self.get(id)
            if progress is not None:
                progress(found)
            if found.state not in _WORKING:
                return found
            if clock.monotonic() >= ends:
                raise NotDone(f"Import {id} is still {found.state} ({found.done} of {found.rows}) after {seconds:g} s")
            time.sleep(pause)

    def rows(self, id: Id, *, state: str | None = None, limit: int = 200) -> Iterator[application.RowView]:
        """Its rows, or those of one state (`wrong`, `files-missing`, `ready`, `filed`), with problems by cell."""
        query: dict[str, Any] = {"state": state, "limit": limit}
        return self._transport.items(application.RowView, "/imports/{}/rows", id, query=query)

    def attach(
        self, id: Id, files: Iterable[tuple[str, Id, Iterable[str]]], *, key: str | None = None
    ) -> builtins.list[application.FileOutcome]:
        """Attach uploaded files: the key of a row, the file, and the codes of what it holds (none for a photo)."""
        named = [{"key": row, "document_id": str(file), "codes": [*codes]} for row, file, codes in files]
        outcomes: builtins.list[application.FileOutcome] = []
        for begin in range(0, len(named), 1000):
            body = {"files": named[begin : begin + 1000]}
            part = f"{key}-{begin}" if key else None
            path = "/imports/{}/files"
            answer = self._transport.model(application.FilesAttached, "POST", path, id, json=body, key=part)
            outcomes += answer.files
        return outcomes

    def check(self, id: Id, *, key: str | None = None) -> application.Begun:
        """Check the rows again."""
        return self._transport.model(application.Begun, "POST", "/imports/{}/check", id, key=key)

    def confirm(self, id: Id, application_id: Id, pointer: str) -> application.ConfirmedRow:
        """Confirm the draft of a row as it is, although a cell of the row could not be read."""
        body = {"application_id": str(application_id), "pointer": pointer}
        return self._transport.model(application.ConfirmedRow, "POST", "/imports/{}/confirm", id, json=body)

    def submit(
        self, id: Id, *, intent_confirmed: bool, truth_confirmed: bool, key: str | None = None
    ) -> application.Begun:
        """File every row that can be filed, with both declarations. The others stay."""
        body = {"declarations": {"intent_confirmed": intent_confirmed, "truth_confirmed": truth_confirmed}}
        return self._transport.model(application.Begun, "POST", "/imports/{}/submit", id, json=body, key=key)

    def workbook(self, id: Id) -> bytes:
        """The workbook with what is wrong marked, and the receipt numbers of what is filed."""
        return self._transport.content("GET", "/imports/{}/workbook", id)

    def receipts(self, id: Id) -> bytes:
        """The list of receipt numbers as a PDF."""
        return self._transport.content("GET", "/imports/{}/receipts", id)

    def delete(self, id: Id) -> None:
        """Remove an import. What was filed stays."""
        self._transport.send("DELETE", "/imports/{}", id)
