"""Rebuilding state from the journal, to prove that the journal is complete."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DefaultClause, String, cast, literal, select
from sqlalchemy.orm import Mapper

from shared.db import ReadSession, Row
from shared.journal.capture import column_value, journalled, replayable, to_json
from shared.journal.tables import journal


@dataclass(frozen=True, slots=True)
class StateDifference:
    """A row that differs between the journal and its table; `None` where one of them lacks it."""

    table: str
    key: str
    journalled: dict[str, Any] | None
    stored: dict[str, Any] | None


async def compare_with_state(session: ReadSession, row: type[Row]) -> list[StateDifference]:
    """Replay every journal row and compare the result with a service's tables: those of the classes below its own
    `row`. Empty when they agree.

    A column that the journal never mentions of a row came after the row: it must hold the default its class declares.
    """
    rebuilt: dict[str, dict[str, dict[str, Any]]] = {}
    rows = await session.execute(select(journal.c.changes).order_by(journal.c.position))
    for (changes,) in rows:
        for change in changes:
            table = rebuilt.setdefault(change["table"], {})
            key = _key_text(change["key"])
            if change.get("deleted"):
                table.pop(key, None)
            else:
                table.setdefault(key, {}).update(change["set"])
    differences: list[StateDifference] = []
    # The services' rows share one registry where several are loaded; a service's own are those of its metadata.
    own = [mapper for mapper in row.registry.mappers if mapper.local_table in row.metadata.tables.values()]
    for mapper in sorted(own, key=lambda mapper: mapper.class_.__name__):
        if replayable(mapper):
            differences += await _compare_table(session, mapper, rebuilt.get(str(mapper.local_table.name), {}))  # type: ignore[attr-defined]
    return differences


async def _compare_table(
    session: ReadSession, mapper: Mapper[Any], from_journal: dict[str, dict[str, Any]]
) -> list[StateDifference]:
    table: Any = mapper.local_table
    kept = [column for column in table.columns if journalled(column)]
    defaults = {c.key: column_value(c, await _default(session, c)) for c in kept}
    # Values of a column that has been dropped cannot be compared.
    replayed = {
        key: {name: columns.get(name, default) for name, default in defaults.items()}
        for key, columns in from_journal.items()
    }
    stored: dict[str, dict[str, Any]] = {}
    for row in (await session.execute(select(table))).mappings():
        key = _key_text({str(c.key): to_json(row[c]) for c in mapper.primary_key})
        stored[key] = {c.key: column_value(c, row[c]) for c in kept}
    return [
        StateDifference(table.name, key, replayed.get(key), stored.get(key))
        for key in sorted(replayed.keys() | stored.keys())
        if replayed.get(key) != stored.get(key)
    ]


async def _default(session: ReadSession, column: Any) -> Any:
    """The value of a column in rows that are older than it. By the class, not the database: a forger of a row's
    column there can forge its default as well."""
    if not isinstance(column.server_default, DefaultClause):
        return None
    declared: Any = column.server_default.arg
    value = literal(declared, String()) if isinstance(declared, str) else declared
    return await session.scalar(select(cast(value, column.type)))


def _key_text(key: dict[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)
