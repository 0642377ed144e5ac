"""Many rows made of a few true ones, by the database: each time all of them, with other ids, at another moment.

A row of the past moves back, one of the future forward, by ten minutes for each case: with ten times as many rows a
table reaches back ten times as long, and as many of them are of the last month. People act in as many cases each,
however many there are.
"""

import re
from datetime import timedelta
from typing import Any

import asyncpg

STEP = timedelta(minutes=10)
_CASES_OF_A_PERSON = 20
# Tables that do not grow with cases, or are filled apart.
_NOT = {
    "alembic_version", "journal_seals", "journal_timestamps", "journal_rounds", "process_states", "job_runs", "samples",
    "invariant_results", "event_counts", "outbox", "dead_letters", "rebuilds", "rebuild_rows", "rebuild_seen",
    "snapshots",
}  # fmt: skip
_PEOPLE = re.compile(
    r"(account|owner|organisation|officer|actor|person|examiner|assigned|user)(_|$)|_(by|to|person|examiner)$"
)
# The same ids as those of the rows, one step earlier for each number; what carries no moment stays.
_FUNCTION = """
CREATE OR REPLACE FUNCTION other_id(id uuid, earlier bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN id < '01000000-0000-0000-0000-000000000000' OR id > '02000000-0000-0000-0000-000000000000' THEN id
    ELSE (lpad(to_hex(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint - earlier), 12, '0')
        || right(replace(id::text, '-', ''), 20))::uuid END
$$
"""
# A number of the same length where there is one, as checks ask for; something else behind the text otherwise.
_TEXTS = r"""
CREATE OR REPLACE FUNCTION other_text(said text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN found IS NULL THEN said || '-' || number ELSE regexp_replace(said, '\d{6,15}',
        lpad(((found::bigint + number * 7919) % (10 ^ length(found))::bigint)::text, length(found), '0')) END
    FROM substring(said from '\d{6,15}') AS found
$$
"""
_COLUMNS = """
SELECT relname AS table, attname AS column, format_type(atttypid, NULL) AS type, attnotnull AS required,
    EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisunique AND attnum = ANY(indkey)) AS is_key,
    EXISTS (
        SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisunique AND attnum = ANY(indkey) AND NOT EXISTS (
            SELECT FROM pg_attribute AS other WHERE other.attrelid = indrelid AND other.attnum = ANY(indkey)
            AND other.atttypid = 'uuid'::regtype)
    ) AS is_alone
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attgenerated = '' AND attidentity = ''
ORDER BY relname, attnum
"""


async def fill(connection: "asyncpg.Connection[Any]", table: str, rows: int, now: Any, people: bool = True) -> None:
    """Have at least so many rows in `table`, and as many more in the others.

    `people`: the accounts that act stay few. `now` is the clock of the service; ids are of the machine's.
    """
    await connection.execute(_FUNCTION)
    await connection.execute(_TEXTS)
    await connection.execute("SET session_replication_role = replica")
    present = await connection.fetchval(f"SELECT count(*) FROM {table}")
    times = max(1, -(-rows // present))
    step = int(STEP.total_seconds() * 1000) * present
    columns: dict[str, list[Any]] = {}
    for row in await connection.fetch(_COLUMNS):
        if row["table"] not in _NOT:
            columns.setdefault(row["table"], []).append(row)
    drift = await connection.fetchval("SELECT (extract(epoch FROM now() - $1::timestamptz) * 1000)::bigint", now)
    for name, of_table in columns.items():
        if any(row["is_key"] and row["type"] == "uuid" for row in of_table):
            await _repeat(connection, name, of_table, times, step, now, drift, people)
    await _seal(connection)
    await connection.execute("SET session_replication_role = origin")
    await connection.execute("VACUUM ANALYZE")


async def _repeat(
    connection: "asyncpg.Connection[Any]",
    table: str,
    columns: list[Any],
    times: int,
    step: int,
    now: Any,
    drift: int,
    people: bool,
) -> None:
    few = max(1, times // _CASES_OF_A_PERSON)
    names, values = [], []
    for row in columns:
        name, kind = row["column"], row["type"]
        value = f'x."{name}"'
        if kind == "uuid":
            number = f"(n % {few})" if people and _PEOPLE.search(name) and not row["is_key"] else "n"
            value = f"other_id({value}, {drift} + {number} * {step})"
        elif kind == "timestamp with time zone":
            value = f"{value} + CASE WHEN {value} > moment.now THEN n ELSE -n END * interval '{step} milliseconds'"
        elif kind == "text" and row["is_alone"] and name != "idempotency_scope":
            value = f"other_text({value}, n)"
        elif table == "journal" and name == "xid":
            value = "-n"
        names.append(f'"{name}"')
        values.append(value)
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} AS x"
        f" CROSS JOIN generate_series(1::bigint, {times}) AS n"
        f" CROSS JOIN (SELECT '{now.isoformat()}'::timestamptz AS now) AS moment ON CONFLICT DO NOTHING",
        timeout=3600,
    )


async def _seal(connection: "asyncpg.Connection[Any]") -> None:
    """Seals of the rows that were made, as many rows each as a minute has; they prove nothing."""
    await connection.execute(
        """
        INSERT INTO journal_seals
        SELECT row_number() OVER (ORDER BY part), min(xid), max(xid) + 1, count(*), '\\x00', '\\x00',
            sha256(part::text::bytea), now()
        FROM (SELECT xid, (xid + 1000000000) / 4 AS part FROM journal WHERE xid < 0) AS old GROUP BY part
        """
    )
