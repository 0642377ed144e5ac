"""`/v1/{service}/operations/audit`: the journal for auditors, to search and to take away. It can only be read, and
who reads it is journalled as well."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from shared.auth import Actor, Role, permit
from shared.db import Database
from shared.errors import Conflict, Text
from shared.http.marks import RequestMark
from shared.http.openapi import refusals
from shared.http.paging import Page, PageQuery
from shared.journal.reading import COLUMNS, ReadingTag, Search, cells, find, head, length, walk
from shared.journal.seals import sealed
from shared.journal.verify import verify
from shared.text.typed import Moment
from shared.work import Commands, Work

_ROWS_A_CHUNK = 200
# Some seconds of computing; a larger journal is checked on the server.
_MOST_CHECKED = 200_000
_SHOWN = 100


class Line(BaseModel):
    """One line of the journal. Names, addresses and secrets stand in `changes` as SHA-256."""

    position: int
    aggregate: str = Field(examples=["usage_registration"])
    aggregate_id: UUID
    version: int
    action: str = Field(examples=["usage_registration:approve"])
    actor_kind: str = Field(examples=["officer"])
    actor_id: UUID | None
    actor_organisation_id: UUID | None
    actor_name: str | None = Field(description="of the system part that acted")
    at: datetime
    request_id: str
    cause_event_id: UUID | None
    detail: dict[str, Any]
    changes: list[Any]


class Lines(BaseModel):
    """Lines of one page, and one more where there is a next page; `last` is the position at which reading stops."""

    last: int
    items: list[Line]


class Contradiction(BaseModel):
    """Something in the journal that does not fit."""

    kind: str = Field(examples=["row-altered"])
    where: str = Field(examples=["case 01a2... version 3"])
    what: str


class Verification(BaseModel):
    """The result of a check of the whole journal."""

    rows: int = Field(description="lines that were checked")
    seals: int
    sealed_at: datetime | None = Field(description="when the last seal was made")
    contradictions: int
    found: list[Contradiction] = Field(description="the first hundred")


class JournalTooLarge(Conflict):
    """A check of so many lines takes longer than a request may."""

    code = "journal-too-large"
    title = Text(
        "監査記録が大きいため、ここでは検証できません。サーバーで検証してください",
        "The journal is too large to be checked here: check it on the server with python -m shared.journal verify",
    )


async def _search(
    actor_id: UUID | None = None,
    actor_kind: Annotated[str | None, Query(max_length=40)] = None,
    aggregate: Annotated[str | None, Query(max_length=80)] = None,
    aggregate_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=80)] = None,
    since: Moment | None = None,
    until: Annotated[Moment | None, Query(description="not included")] = None,
) -> Search:
    """The search, from the query parameters."""
    return Search(actor_id, actor_kind, aggregate, aggregate_id, action, since, until)


Wanted = Annotated[Search, Depends(_search)]
Auditor = Annotated[Actor, permit(Role.AUDITOR, kinds=("officer",))]


@cache
def audit_router(service: str) -> APIRouter:
    """The routes for one service's journal, made once. The application keeps its runtime in `app.state.runtime`."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["audit"])

    @router.get("/audit")
    async def search(
        request: Request, auditor: Auditor, mark: RequestMark, wanted: Wanted, paging: PageQuery
    ) -> Page[Line]:
        """Lines of the journal, the oldest first, in pages. The reading is journalled; what is written after the first
        page was read is not on the later ones."""
        cursor = paging.after(datetime, int, int)

        async def read(work: Work) -> Lines:
            last = cursor[2] if cursor else await head(work.session)
            after = (cursor[0], cursor[1]) if cursor else None
            rows = await find(work.session, wanted, last, after, paging.limit + 1)
            _enter(work, ReadingTag.SEARCH, wanted)
            return Lines(last=last, items=[Line(**row) for row in rows])

        found = await _commands(request).run(auditor, mark, read)
        return paging.page(found.items, key=lambda line: (line.at, line.position, found.last))

    @router.get("/audit.csv", response_class=StreamingResponse)
    async def export(request: Request, auditor: Auditor, mark: RequestMark, wanted: Wanted) -> StreamingResponse:
        """All lines that fit, as CSV (UTF-8 with byte order mark); cells that look like formulas are defused. The
        reading is journalled."""

        async def begin(work: Work) -> Lines:
            last = await head(work.session)
            _enter(work, ReadingTag.EXPORT, wanted)
            return Lines(last=last, items=[])

        last = (await _commands(request).run(auditor, mark, begin)).last
        disposition = f'attachment; filename="audit-{service}.csv"'
        return StreamingResponse(
            _csv(_commands(request).db, wanted, last),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
        )

    @router.get("/audit/verification", responses=refusals(409))
    async def check(request: Request, auditor: Auditor, mark: RequestMark) -> Verification:
        """Check rows, chains and seals of the whole journal now. The check is journalled, with what it found."""
        async with _commands(request).db.read() as session:
            rows = await length(session)
            if rows > _MOST_CHECKED:
                raise JournalTooLarge()
            seals, sealed_at = await sealed(session)
            findings = await verify(session)
        found = Verification(
            rows=rows,
            seals=seals,
            sealed_at=sealed_at,
            contradictions=len(findings),
            found=[Contradiction(kind=one.kind, where=one.where, what=one.what) for one in findings[:_SHOWN]],
        )

        async def enter(work: Work) -> Verification:
            assert work.actor.id is not None
            result = {"rows": rows, "seals": seals, "contradictions": len(findings)}
            work.journal("journal", work.actor.id, ReadingTag.VERIFY, result)
            return found

        return await _commands(request).run(auditor, mark, enter)

    return router


def _commands(request: Request) -> Commands:
    commands: Commands = request.app.state.runtime.commands
    return commands


def _enter(work: Work, tag: ReadingTag, wanted: Search) -> None:
    assert work.actor.id is not None
    work.journal("journal", work.actor.id, tag, wanted.as_detail())


async def _csv(db: Database, wanted: Search, last: int) -> AsyncIterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    waiting = 0
    async with db.read() as session:
        async for row in walk(session, wanted, last):
            writer.writerow(cells(row, _json))
            waiting += 1
            if waiting == _ROWS_A_CHUNK:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
                waiting = 0
    yield buffer.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
