"""The running rows of a projection: compared with those that there should be, and made like them.

Facts travel as one JSON document for many records, and the database reads them as it reads its own columns.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from shared.rebuilding.projection import Copy, Record
from shared.sealing import Sealer

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_PARAMETERS = (bindparam("records", type_=ARRAY(Uuid)), bindparam("moments", type_=ARRAY(DateTime(timezone=True))))


async def differing(
    session: AsyncSession, copies: Sequence[Copy], records: Sequence[Record], sealer: Sealer | None = None
) -> dict[UUID, str]:
    """The records whose rows are not as they should be, each `different`, or `missing` where there is no row at all."""
    found: dict[UUID, str] = {}
    for copy in copies:
        judged = [record for record in records if copy.name in record.rows]
        if not judged:
            continue
        given = _given(copy, judged)
        for row in (await session.execute(_statements(copy).compare, given)).all():
            found.setdefault(row.record, "missing" if row.is_missing and copy is copies[0] else "different")
        if copy.sealed:
            assert sealer is not None, f"{copy.name} holds sealed texts"
            for row in (await session.execute(_statements(copy).sealed, given)).all():
                pairs = zip(row[1::2], row[2::2], strict=True)
                if any(sealer.open(had) != sealer.open(wanted) for had, wanted in pairs if had and wanted):
                    found.setdefault(row.record, "different")
    return found


async def write(session: AsyncSession, copy: Copy, records: Sequence[Record]) -> None:
    """Write the rows of records as they should be, and take away those that should not be there."""
    given = _given(copy, records)
    await session.flush()
    if copy.gone or copy.deleted:
        await session.execute(_statements(copy).remove, given)
    await session.execute(_statements(copy).put, given)


async def typed(session: AsyncSession, copy: Copy, records: Sequence[Record]) -> Sequence[Mapping[str, Any]]:
    """The rows that there should be, with values as the database gives those of its own."""
    rows = await session.execute(_statements(copy).typed, _given(copy, records))
    return [dict(row) for row in rows.mappings()]


async def count_unknown(session: AsyncSession, copy: Copy, rebuild_id: UUID, before: Any) -> int:
    """Records with rows older than `before` that the snapshot did not name."""
    if copy.since is None:
        return 0
    query = (
        f'SELECT count(DISTINCT had."{copy.subject}") FROM "{copy.name}" AS had'  # noqa: S608 - own names
        f' WHERE had."{copy.since}" < :before AND {_present(copy)} AND NOT EXISTS (SELECT FROM rebuild_seen'
        f' WHERE rebuild_id = :rebuild_id AND rebuild_seen.subject = had."{copy.subject}")'
    )
    return int(await session.scalar(text(query), {"rebuild_id": rebuild_id, "before": before}) or 0)


def _given(copy: Copy, records: Sequence[Record]) -> dict[str, Any]:
    rows = [{**row, "record_of_rebuild": str(record.id)} for record in records for row in record.rows[copy.name]]
    if copy.newer is not None:
        for record in records:
            assert record.at is not None, f"{copy.name} needs the moment of its facts"
    return {
        "wanted": to_json(rows).decode(),
        "records": [record.id for record in records],
        "moments": [record.at for record in records],
    }


class _Statements:
    """The statements for one table, made once."""

    def __init__(self, copy: Copy) -> None:
        table, subject = f'"{copy.name}"', f'had."{copy.subject}"'
        kinds = {name: copy.table.c[name].type.compile(dialect=_DIALECT) for name in copy.columns}
        read = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items() if name != copy.subject)
        wanted = (
            f'(SELECT filled.*, record_of_rebuild AS "{copy.subject}" FROM json_to_recordset(CAST(:wanted AS json))'  # noqa: S608 - own names
            f" AS filled (record_of_rebuild uuid{', ' if read else ''}{read}))"
        )
        given = "unnest(:records, :moments) AS given (record, at)"
        is_older = f'(had."{copy.newer}" IS NULL OR had."{copy.newer}" <= given.at)' if copy.newer else "true"
        same = " AND ".join(f'had."{name}" = wanted."{name}"' for name in (copy.subject, *copy.keys))
        had = f"(SELECT had.* FROM {table} AS had WHERE {subject} = ANY (:records))"  # noqa: S608 - own names
        terms = [f'had."{name}" IS DISTINCT FROM wanted."{name}"' for name in copy.facts]
        terms += [f'had."{name}" IS DISTINCT FROM coalesce(wanted."{name}", had."{name}")' for name in copy.maybe]
        terms += [f'(had."{name}" IS NULL) <> (wanted."{name}" IS NULL)' for name in copy.sealed]
        is_none, is_other = f'wanted."{copy.subject}" IS NULL', " OR ".join([f"{subject} IS NULL", *terms])
        is_beyond = _present(copy) if copy.gone or copy.deleted else "false"
        differs = f"CASE WHEN {is_none} THEN {is_beyond} ELSE {is_other} END"
        if copy.is_part:
            differs = f"{subject} IS NOT NULL AND ({' OR '.join(terms)})"
        self.compare = text(
            f"SELECT given.record, bool_and({subject} IS NULL) AS is_missing FROM {wanted} AS wanted"  # noqa: S608 - own names
            f" FULL JOIN {had} AS had ON {same}"
            f' JOIN {given} ON given.record = coalesce(wanted."{copy.subject}", {subject})'
            f" WHERE {differs} AND {is_older} GROUP BY given.record"
        ).bindparams(*_PARAMETERS)
        pairs = ", ".join(f'had."{name}", wanted."{name}"' for name in copy.sealed)
        self.sealed = text(
            f"SELECT given.record, {pairs or 'true'} FROM {wanted} AS wanted JOIN {table} AS had ON {same}"  # noqa: S608 - own names
            f' JOIN {given} ON given.record = wanted."{copy.subject}" WHERE {is_older}'
        ).bindparams(*_PARAMETERS)
        columns = {name: copy.table.c[name].type for name in copy.columns}
        self.typed = text(f"SELECT wanted.* FROM {wanted} AS wanted").columns(**columns)  # noqa: S608 - own names
        others = (
            f"FROM {given} WHERE {subject} = given.record AND {is_older} AND {_present(copy)}"
            f" AND NOT EXISTS (SELECT FROM {wanted} AS wanted WHERE {same})"
        )
        news = [f'"{copy.newer}" = given.at'] if copy.newer else []
        if copy.gone:
            values = ", ".join([*(f'"{name}" = {value}' for name, value in copy.gone), *news])
            removed = f"UPDATE {table} AS had SET {values} {others}"  # noqa: S608 - own names
        else:
            removed = f"DELETE FROM {table} AS had {others.replace('FROM', 'USING', 1)}"  # noqa: S608 - own names
        self.remove = text(removed).bindparams(*_PARAMETERS)
        names = ", ".join(f'"{name}"' for name in copy.columns)
        rows = ", ".join(f'wanted."{name}"' for name in copy.columns)
        place = ", ".join(f'"{name}"' for name in (copy.subject, *copy.keys))
        new = [name for name in copy.columns if name not in (copy.subject, *copy.keys, *copy.also)]
        said = {name: f'excluded."{name}"' for name in new}
        said |= {name: f'coalesce(excluded."{name}", had."{name}")' for name in copy.maybe}
        values = ", ".join(f'"{name}" = {value}' for name, value in said.items())
        guard = f' WHERE had."{copy.newer}" <= excluded."{copy.newer}"' if copy.newer else ""
        then = f"UPDATE SET {values}{guard}" if new else "NOTHING"
        if copy.is_part:
            values = ", ".join(f'"{name}" = wanted."{name}"' for name in new)
            self.put = text(f"UPDATE {table} AS had SET {values} FROM {wanted} AS wanted WHERE {same}")  # noqa: S608 - own names
            return
        self.put = text(
            f"INSERT INTO {table} AS had ({names}) SELECT {rows} FROM {wanted} AS wanted"  # noqa: S608 - own names
            f" ON CONFLICT ({place}) DO {then}"
        )


@lru_cache
def _statements(copy: Copy) -> _Statements:
    return _Statements(copy)


def _present(copy: Copy) -> str:
    if not copy.gone:
        return "true"
    return "NOT (" + " AND ".join(f'had."{name}" = {value}' for name, value in copy.gone) + ")"
