"""Searching a service's journal: by who acted, on what, how and when; newest last. Nothing here writes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from shared.db import ReadSession
from shared.journal.tables import journal

COLUMNS = (
    "position",
    "aggregate",
    "aggregate_id",
    "version",
    "action",
    "actor_kind",
    "actor_id",
    "actor_organisation_id",
    "actor_name",
    "at",
    "request_id",
    "cause_event_id",
    "detail",
    "changes",
)
_PAGE = 500
# What spreadsheets take for a formula, also after the white space that they skip.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is None sets no condition. `until` is not included."""

    actor_id: UUID | None = None
    actor_kind: str | None = None
    aggregate: str | None = None
    aggregate_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def find(session: ReadSession, search: Search, after: int, limit: int) -> list[dict[str, Any]]:
    """Journal lines behind position `after`, in the order in which they were written."""
    rows = await session.execute(_query(search, after).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def walk(session: ReadSession, search: Search) -> AsyncIterator[dict[str, Any]]:
    """Every line that fits, page by page."""
    after = 0
    while rows := await find(session, search, after, _PAGE):
        for row in rows:
            yield row
        after = rows[-1]["position"]


def _query(search: Search, after: int) -> Select[Any]:
    columns = [journal.c[name] for name in COLUMNS]
    query = select(*columns).where(journal.c.position > after).order_by(journal.c.position)
    for column, value in (
        (journal.c.actor_id, search.actor_id),
        (journal.c.actor_kind, search.actor_kind),
        (journal.c.aggregate, search.aggregate),
        (journal.c.aggregate_id, search.aggregate_id),
        (journal.c.action, search.action),
    ):
        if value is not None:
            query = query.where(column == value)
    if search.since is not None:
        query = query.where(journal.c.at >= search.since)
    if search.until is not None:
        query = query.where(journal.c.at < search.until)
    return query


def defused(value: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return f"'{value}" if value.lstrip(" \u3000").startswith(_FORMULA) or value.startswith(_FORMULA) else value


def cells(row: dict[str, Any], text: Any) -> Iterator[str]:
    """The row as defused cells in the order of `COLUMNS`; `text` turns a JSON value into text."""
    for name in COLUMNS:
        value = row[name]
        if value is None:
            yield ""
        elif isinstance(value, datetime):
            yield value.isoformat()
        elif isinstance(value, dict | list):
            yield defused(text(value))
        else:
            yield defused(str(value))
