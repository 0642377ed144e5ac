"""Many rows written by one statement, in place of one execution for each row.

A value that all rows have in common travels once, the others as one array for each column: the database opens a table
and its indexes once, and the driver encodes a column at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, JSON, Column, Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[Mapping[str, Any]]


class Written(str):
    """JSON that is written already: it is sent as it is."""

    __slots__ = ()


async def insert_together(connection: AsyncConnection, table: Table, rows: Rows) -> None:
    """Insert rows that have the same columns, in their order."""
    if not rows:
        return
    sent = _Sent(connection.dialect, table, rows)
    names = ", ".join(f'"{name}"' for name in sent.values)
    given = ", ".join(sent.values.values())
    await sent.run(connection, f"INSERT INTO {table.name} ({names}) SELECT {given}{sent.source}")


async def update_together(connection: AsyncConnection, table: Table, key: Sequence[str], rows: Rows) -> None:
    """Write the columns of `rows` into the rows of the table that have the same values in `key`."""
    if not rows:
        return
    sent = _Sent(connection.dialect, table, rows)
    new = ", ".join(f'"{name}" = {value}' for name, value in sent.values.items() if name not in key)
    same = " AND ".join(f'changed."{name}" = {sent.values[name]}' for name in key)
    await sent.run(connection, f"UPDATE {table.name} AS changed SET {new}{sent.source} WHERE {same}")  # noqa: S608 - own names


class _Kind(NamedTuple):
    """The way in which values of a column travel: as `sent`, made by `bind`, and read there as `kept`."""

    kept: str
    sent: str
    bind: Callable[[Any], Any] | None


class _Sent:
    """Rows as parameters of a statement: `values` has the term of each column, `source` the clause they come from."""

    def __init__(self, dialect: Dialect, table: Table, rows: Rows) -> None:
        self.values: dict[str, str] = {}
        self._parameters: list[Any] = []
        arrays, names = [], []
        for name in rows[0]:
            kind = _kind(dialect, table.c[name])
            column = [row[name] for row in rows]
            if column.count(column[0]) == len(column):
                del column[1:]
            if kind.bind is not None:
                column = [kind.bind(value) for value in column]
            self._parameters.append(column if len(column) > 1 else column[0])
            place = f"${len(self._parameters)}::{kind.sent}"
            if len(column) > 1:
                arrays.append(f"{place}[]")
                names.append(f'"{name}"')
                place = f'given."{name}"'
            self.values[name] = place if kind.kept == kind.sent else f"{place}::{kind.kept}"
        self.source = f" FROM unnest({', '.join(arrays)}) AS given ({', '.join(names)})" if arrays else ""

    async def run(self, connection: AsyncConnection, statement: str) -> None:
        await connection.exec_driver_sql(statement, tuple(self._parameters))


@lru_cache(maxsize=10_000)
def _kind(dialect: Dialect, column: Column[Any]) -> _Kind:
    kept = column.type.compile(dialect=dialect)
    if isinstance(column.type, ARRAY):
        # Arrays of arrays are rectangles in PostgreSQL, and these have different lengths.
        return _Kind(kept, "TEXT", _array)
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    if isinstance(column.type, JSON):
        return _Kind(kept, "TEXT", lambda value: value if isinstance(value, Written) else bind and bind(value))
    return _Kind(kept, kept, bind)


def _array(value: Sequence[Any] | None) -> str | None:
    """A one-dimensional array as PostgreSQL reads it."""
    if value is None:
        return None
    quoted = ('"{}"'.format(str(each).replace("\\", r"\\").replace('"', r"\"")) for each in value)
    return f"{{{','.join(quoted)}}}"
