"""Files of imports for tests: rows as the reader of books gives them, and an office that sends them."""

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import httpx

from services.application.sheets.book import Book, RowRead
from shared.auth import Role
from shared.clock import legal_date
from shared.ids import new_id
from shared.timers import TimerWorker
from tests.services.application.people import DECLARED, Filer, complete_form
from tests.support.service import RunningService
from tests.support.tokens import bearer, person

GOOD = Book("template-xlsx", ("extend-n",))


def row(number: int, today: date, **changes: Any) -> RowRead:
    """A complete row; `form` adds to its form. Its key is `E-` and the number."""
    form = complete_form(today, f"AB{number:08}CD") | changes.pop("form", {})
    read = RowRead(
        "extend-n",
        number,
        f"E-{number}",
        "extend-n-2026-02-27",
        "EXTEND",
        "ENG_HUM_INT",
        form=form,
        cells={f"/form/{code}": f"{'ABCDEFGHIJ'[place % 10]}{number}" for place, code in enumerate(form)},
        notify_email="an.nguyen@example.com",
        notify_language="en",
    )
    return replace(read, **changes)


class Books:
    """Reads what `packed` packed, in place of the confined process."""

    async def read(self, content: bytes, _name: str, _today: date) -> AsyncGenerator[Book | RowRead, None]:
        packed = json.loads(content)
        yield Book.of(packed["book"])
        for each in packed["rows"]:
            yield RowRead.of(each)
        if packed["last"]:
            yield Book.of(packed["last"])


def packed(rows: Sequence[RowRead], book: Book = GOOD, last: Book | None = None) -> bytes:
    """A file with these rows, for `Books`."""
    described = [each.described() for each in rows]
    return json.dumps(
        {"book": book.described(), "rows": described, "last": last.described() if last else None}
    ).encode()


async def work_on_imports(service: RunningService, steps: int = 1000) -> int:
    """Do what is due for imports, at most so many steps; how many there were."""
    worker = TimerWorker(service.app.state.runtime.commands, service.app.state.imports.timers())
    done = 0
    while done < steps and await worker.work_one():
        done += 1
    return done


@dataclass
class Office(Filer):
    """A company's office that files many at once."""

    actor: Any = field(default_factory=lambda: person(Role.ORG_STAFF, organisation=True))

    def __post_init__(self) -> None:
        self.service.app.state.imports.books = Books()

    @property
    def today(self) -> date:
        return legal_date(self.clock.now())

    async def imports(self, method: str, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
        sent = bearer(self.actor, self.clock) | {"Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.service.client.request(method, f"/v1/imports{path}", json=body, headers=sent)

    async def send(
        self, content: bytes, key: str | None = None, name: str = "renewals.xlsx", **fields: str
    ) -> httpx.Response:
        """Send a file."""
        sent = bearer(self.actor, self.clock) | {"Idempotency-Key": key or str(new_id()), "Accept-Language": "en"}
        files = {"file": (name, content)}
        return await self.service.client.post("/v1/imports", data=fields, files=files, headers=sent)

    async def work(self, steps: int = 1000) -> int:
        """Do what is due, at most so many steps; how many there were."""
        return await work_on_imports(self.service, steps)

    async def sent(self, rows: Sequence[RowRead], **fields: str) -> str:
        """The id of an import of these rows, read and checked."""
        answer = await self.send(packed(rows), **fields)
        assert answer.status_code == 202, answer.text
        await self.work()
        return str(answer.json()["id"])

    async def look(self, import_id: str) -> Any:
        answer = await self.imports("GET", f"/{import_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, import_id: str, query: str = "") -> list[Any]:
        """Every row, over all pages."""
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            after = f"&cursor={cursor}" if cursor else ""
            answer = await self.imports("GET", f"/{import_id}/rows?limit=200{after}{query}")
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next"]
        return found

    async def press(self, import_id: str, key: str | None = None) -> httpx.Response:
        return await self.imports("POST", f"/{import_id}/submit", DECLARED, Idempotency_Key=key or str(new_id()))

    async def file_rows(self, import_id: str) -> Any:
        """The import after its good rows were filed."""
        answer = await self.press(import_id)
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.look(import_id)

    async def with_files(self, import_id: str) -> None:
        """Photo and documents for every row that lacks them, checked again."""
        files = []
        for each in await self.rows(import_id, "&state=files-missing"):
            files.append({"key": each["key"], "document_id": await self.file("photo"), "codes": []})
            files.append(
                {
                    "key": each["key"],
                    "document_id": await self.file(),
                    "codes": ["CAT_PROOF", "ACTIVITY", "REP_DECL", "RES_TAX"],
                }
            )
        answer = await self.imports("POST", f"/{import_id}/files", {"files": files})
        assert answer.status_code == 200, answer.text
        assert answer.json()["attached"] == len(files), answer.text
        assert (await self.imports("POST", f"/{import_id}/check")).status_code == 202
        await self.work()
