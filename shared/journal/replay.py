"""Rebuilding state from the journal, to prove that the journal tells the whole story."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapper

from shared.db import ReadSession
from shared.journal.capture import column_value, replayable, to_json
from shared.journal.tables import journal


@dataclass(frozen=True, slots=True)
class StateDifference:
    """A row that differs between the journal and its table; `None` where one of them lacks it."""

    table: str
    key: str
    journalled: dict[str, Any] | None
    stored: dict[str, Any] | None


async def compare_with_state(session: ReadSession, mappers: Iterable[Mapper[Any]]) -> list[StateDifference]:
    """Replay every journal row and compare the result with the tables of `mappers`. Empty when they agree."""
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
    for mapper in mappers:
        if replayable(mapper):
            differences += await _compare_table(session, mapper, rebuilt.get(str(mapper.local_table.name), {}))  # type: ignore[attr-defined]
    return differences


async def _compare_table(
    session: ReadSession, mapper: Mapper[Any], journalled: dict[str, dict[str, Any]]
) -> list[StateDifference]:
    table: Any = mapper.local_table
    stored: dict[str, dict[str, Any]] = {}
    for row in (await session.execute(select(table))).mappings():
        key = _key_text({str(c.key): to_json(row[c]) for c in mapper.primary_key})
        stored[key] = {c.key: column_value(c, row[c]) for c in table.columns}
    return [
        StateDifference(table.name, key, journalled.get(key), stored.get(key))
        for key in sorted(journalled.keys() | stored.keys())
        if journalled.get(key) != stored.get(key)
    ]


def _key_text(key: dict[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)
