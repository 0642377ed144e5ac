"""Row changes of a command, taken from the session itself: a command cannot forget to journal a row it wrote."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import Column, Table, event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from shared.db.together import insert_together, update_together


class Change(TypedDict, total=False):
    """One row written: its table and key, and either the columns `set` or that it was `deleted`."""

    table: str
    key: dict[str, Any]
    set: dict[str, Any]
    deleted: bool


class JournalledSession(Session):
    """A session that remembers which rows it wrote, until `take_changes` is called.

    A mapped class with `__journalled__ = False` (a projection of another service's events) is left out. A column
    with `info={"secret": True}` is journalled as its SHA-256, never as its value; one with `info={"derived": True}`,
    which follows from the others, is left out: of a name, even a digest would say who it is.
    """

    def take_changes(self) -> list[Change]:
        """The changes flushed since the last call, in order."""
        changes: list[Change] = self.info.pop("changes", [])
        return changes


class UnjournalledWrite(RuntimeError):
    """A bulk UPDATE, DELETE or INSERT on a journalled table: the journal would not know of it."""


@event.listens_for(JournalledSession, "before_flush")
def _remember(session: Session, _context: object, _instances: object) -> None:
    changes = session.info.setdefault("changes", [])
    for row in session.new:
        if kept := _kept(inspect(row).mapper):
            changes.append({"table": kept.table.name, "key": kept.key_of(row), "set": kept.columns_of(row)})
    for row in session.dirty:
        if (kept := _kept(inspect(row).mapper)) and (columns := kept.journalled(_changed(row))):
            changes.append({"table": kept.table.name, "key": kept.key_of(row), "set": columns})
    for row in session.deleted:
        if kept := _kept(inspect(row).mapper):
            changes.append({"table": kept.table.name, "key": kept.key_of(row), "deleted": True})


async def write_together(session: AsyncSession, rows: Sequence[Any]) -> None:
    """Write what is new or changed of rows of one journalled class, by one statement for each set of columns.

    It is what a flush does of each row by itself. The rows leave the session: what they hold can be read, and is
    written no more.
    """
    if not rows:
        return
    kept = _kept(inspect(rows[0]).mapper)
    assert kept is not None, "rows of a class that is journalled"
    changes = session.sync_session.info.setdefault("changes", [])
    new: list[dict[str, Any]] = []
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        is_new = inspect(row).pending
        values = {name: getattr(row, name) for name in kept.columns} if is_new else _changed(row)
        session.expunge(row)
        if columns := kept.journalled(values):
            changes.append({"table": kept.table.name, "key": kept.key_of(row), "set": columns})
        if is_new:
            new.append(kept.by_column(values))
        elif values:
            key = {name: getattr(row, name) for name in kept.key}
            alike.setdefault(tuple(sorted(values)), []).append(kept.by_column({**key, **values}))
    connection = await session.connection()
    await insert_together(connection, kept.table, new)
    for each in alike.values():
        await update_together(connection, kept.table, [kept.columns[name].column.name for name in kept.key], each)


@event.listens_for(JournalledSession, "do_orm_execute")
def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete or state.is_insert) and state.bind_mapper and replayable(state.bind_mapper):
        table: Any = state.bind_mapper.local_table
        raise UnjournalledWrite(f"write rows of {table.name} through the session, so that they are journalled")


def replayable(mapper: Mapper[Any]) -> bool:
    """Whether rows of this class can be rebuilt from the journal."""
    return getattr(mapper.class_, "__journalled__", True)


def journalled(column: Any) -> bool:
    """Whether the journal keeps this column: all but those that follow from others."""
    return not column.info.get("derived")


def column_value(column: Any, value: Any) -> Any:
    """A column's value as the journal keeps it: plain JSON, secrets digested."""
    if value is not None and column.info.get("secret"):
        raw = value if isinstance(value, bytes) else str(value).encode()
        return "sha256:" + hashlib.sha256(raw).hexdigest()
    return to_json(value)


def to_json(value: Any) -> Any:
    """`value` in JSON's own types; raises `TypeError` for what has no plain form."""
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(k): to_json(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [to_json(item) for item in items]
    raise TypeError(f"{type(value).__name__} has no plain JSON form")


class _Kept(NamedTuple):
    """A class whose rows are journalled: its table, the attributes of its key, and the column of each attribute."""

    table: Table
    key: tuple[str, ...]
    columns: "Mapping[str, _Attribute]"

    def key_of(self, row: Any) -> dict[str, Any]:
        return {self.columns[name].column.key: to_json(getattr(row, name)) for name in self.key}

    def columns_of(self, row: Any) -> dict[str, Any]:
        return self.journalled({name: getattr(row, name) for name in self.columns})

    def journalled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values, by attribute, that the journal keeps, as it keeps them."""
        found = ((self.columns[name], value) for name, value in values.items() if name in self.columns)
        return {each.column.key: column_value(each.column, value) for each, value in found if each.is_journalled}

    def by_column(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values, by the name of their column."""
        return {self.columns[name].column.name: value for name, value in values.items()}


class _Attribute(NamedTuple):
    column: Column[Any]
    is_journalled: bool


@cache
def _kept(mapper: Mapper[Any]) -> _Kept | None:
    """The table, key and columns of a class as its rows are journalled; None where they are not."""
    if not replayable(mapper):
        return None
    table: Any = mapper.local_table
    key = tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
    columns = ((each.key, table.c[each.columns[0].key]) for each in mapper.column_attrs)
    return _Kept(table, key, {name: _Attribute(column, journalled(column)) for name, column in columns})


def _changed(row: Any) -> dict[str, Any]:
    """The values, by attribute, that were set to another one than they had. Nobody has set the others."""
    state = inspect(row)
    now = state.dict
    return {name: now[name] for name, before in state.committed_state.items() if name in now and before != now[name]}
