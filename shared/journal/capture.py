"""Row changes of a command, taken from the session itself: a command cannot forget to journal a row it wrote."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.attributes import History
from sqlalchemy.orm.base import PassiveFlag


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
        mapper = inspect(row).mapper
        if replayable(mapper):
            changes.append({"table": _table(mapper), "key": _key(mapper, row), "set": _columns(mapper, row)})
    for row in session.dirty:
        mapper = inspect(row).mapper
        if replayable(mapper) and (columns := _changed(mapper, row)):
            changes.append({"table": _table(mapper), "key": _key(mapper, row), "set": columns})
    for row in session.deleted:
        mapper = inspect(row).mapper
        if replayable(mapper):
            changes.append({"table": _table(mapper), "key": _key(mapper, row), "deleted": True})


@event.listens_for(JournalledSession, "do_orm_execute")
def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete or state.is_insert) and state.bind_mapper and replayable(state.bind_mapper):
        raise UnjournalledWrite(
            f"write rows of {_table(state.bind_mapper)} through the session, so that they are journalled"
        )


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


def _table(mapper: Mapper[Any]) -> str:
    return str(mapper.local_table.name)  # type: ignore[attr-defined]


def _key(mapper: Mapper[Any], row: Any) -> dict[str, Any]:
    return {str(c.key): to_json(getattr(row, mapper.get_property_by_column(c).key)) for c in mapper.primary_key}


def _columns(mapper: Mapper[Any], row: Any) -> dict[str, Any]:
    return {
        p.columns[0].key: column_value(p.columns[0], getattr(row, p.key))
        for p in mapper.column_attrs
        if journalled(p.columns[0])
    }


def _changed(mapper: Mapper[Any], row: Any) -> dict[str, Any]:
    state = inspect(row)
    result = {}
    for prop in mapper.column_attrs:
        # Nobody has set the others: there is nothing to compare.
        if prop.key not in state.committed_state:
            continue
        history: History = state.get_history(prop.key, PassiveFlag.PASSIVE_NO_INITIALIZE)
        if history.has_changes() and journalled(prop.columns[0]):
            result[prop.columns[0].key] = column_value(prop.columns[0], getattr(row, prop.key))
    return result
