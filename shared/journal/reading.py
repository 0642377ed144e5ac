"""Searching a service's journal: by who acted, on what, how and when; newest last."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from shared.db import ReadSession
from shared.journal.tables import journal
from shared.journal.tags import AuditTag

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
# First characters of a formula in spreadsheets, also after the white space that they skip.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ReadingTag(AuditTag):
    """Audit tags of reading the journal itself; `aggregate_id` is the reader."""

    SEARCH = "journal:search"
    EXPORT = "journal:export"
    VERIFY = "journal:verify"
    FOLLOW = "journal:follow"


@dataclass(frozen=True, slots=True)
class Search:
    """Conditions of a search; None sets no condition. `until` is not included."""

    actor_id: UUID | None = None
    actor_kind: str | None = None
    aggregate: str | None = None
    aggregate_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def as_detail(self) -> dict[str, Any]:
        """The conditions as data, for the journal line of the reading."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}


async def head(session: ReadSession) -> int:
    """The last position at present: reading page by page stops there, whatever is written later."""
    return int(await session.scalar(select(func.max(journal.c.position))) or 0)


async def length(session: ReadSession) -> int:
    """The number of lines."""
    return int(await session.scalar(select(func.count()).select_from(journal)) or 0)


async def find(
    session: ReadSession, search: Search, last: int, after: tuple[datetime, int] | None, limit: int
) -> list[dict[str, Any]]:
    """Journal lines up to position `last` and behind `after` (time, position), the oldest first."""
    rows = await session.execute(statement(search, last, after).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def walk(session: ReadSession, search: Search, last: int) -> AsyncIterator[dict[str, Any]]:
    """Every line up to position `last` that fits, page by page."""
    after = None
    while rows := await find(session, search, last, after, _PAGE):
        for row in rows:
            yield row
        after = (rows[-1]["at"], rows[-1]["position"])


def statement(search: Search, last: int, after: tuple[datetime, int] | None) -> Select[Any]:
    """The query of `find`. Its order follows its conditions in the indexes."""
    columns = [journal.c[name] for name in COLUMNS]
    found = select(*columns).where(journal.c.position <= last).order_by(journal.c.at, journal.c.position)
    for column, value in (
        (journal.c.actor_id, search.actor_id),
        (journal.c.actor_kind, search.actor_kind),
        (journal.c.aggregate, search.aggregate),
        (journal.c.aggregate_id, search.aggregate_id),
        (journal.c.action, search.action),
    ):
        if value is not None:
            found = found.where(column == value)
    if after is not None:
        found = found.where(tuple_(journal.c.at, journal.c.position) > after)
    if search.since is not None:
        found = found.where(journal.c.at >= search.since)
    if search.until is not None:
        found = found.where(journal.c.at < search.until)
    return found


def defuse_cell(value: str) -> str:
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
            yield defuse_cell(text(value))
        else:
            yield defuse_cell(str(value))
