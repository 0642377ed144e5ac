"""`/v1/{service}/operations/audit`: the journal for auditors, to search and to take away. It can only be read."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from shared.auth import Role, permit
from shared.db import Database
from shared.http.paging import Page, PageQuery
from shared.journal.reading import COLUMNS, Search, cells, find, walk

_ROWS_A_CHUNK = 200


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


def _search(
    actor_id: UUID | None = None,
    actor_kind: Annotated[str | None, Query(max_length=40)] = None,
    aggregate: Annotated[str | None, Query(max_length=80)] = None,
    aggregate_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=80)] = None,
    since: AwareDatetime | None = None,
    until: Annotated[AwareDatetime | None, Query(description="not included")] = None,
) -> Search:
    """What is looked for, from the query."""
    return Search(actor_id, actor_kind, aggregate, aggregate_id, action, since, until)


Wanted = Annotated[Search, Depends(_search)]


def audit_router(service: str) -> APIRouter:
    """The routes for one service's journal. The application keeps its runtime in `app.state.runtime`."""
    router = APIRouter(
        prefix=f"/v1/{service}/operations",
        tags=["audit"],
        dependencies=[permit(Role.AUDITOR, kinds=("officer",))],
    )

    @router.get("/audit")
    async def search(request: Request, wanted: Wanted, paging: PageQuery) -> Page[Line]:
        """Lines of the journal in the order in which they were written, in pages."""
        after = paging.after(int)
        async with _db(request).read() as session:
            rows = await find(session, wanted, after[0] if after else 0, paging.limit + 1)
        return paging.page([Line(**row) for row in rows], key=lambda line: (line.position,))

    @router.get("/audit.csv", response_class=StreamingResponse)
    async def export(request: Request, wanted: Wanted) -> StreamingResponse:
        """All lines that fit, as CSV (UTF-8 with byte order mark); cells that look like formulas are defused."""
        disposition = f'attachment; filename="audit-{service}.csv"'
        return StreamingResponse(
            _csv(_db(request), wanted),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
        )

    return router


def _db(request: Request) -> Database:
    db: Database = request.app.state.runtime.db
    return db


async def _csv(db: Database, wanted: Search) -> AsyncIterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    waiting = 0
    async with db.read() as session:
        async for row in walk(session, wanted):
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
