"""`python -m shared.partitions show` and `python -m shared.partitions switch TABLE`, as the owner of a database."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg

from shared.db.command_line import exit_on_database_error
from shared.partitions.model import DIVIDED
from shared.partitions.switch import CannotSwitch, switch

_SETTING = "ZAIRYU_MIGRATION_URL"
_ROWS = """
SELECT relname, relkind::text AS kind, reltuples::bigint AS rows, pg_total_relation_size(oid) / 1000000 AS megabytes
FROM pg_class WHERE oid = to_regclass($1)
UNION ALL
SELECT part.relname, part.relkind::text, part.reltuples::bigint, pg_total_relation_size(part.oid) / 1000000
FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid WHERE inhparent = to_regclass($1)
ORDER BY kind, relname
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where a table could not be divided."""
    parser = argparse.ArgumentParser(prog="python -m shared.partitions", description=__doc__)
    parser.add_argument("--url", default=os.environ.get(_SETTING), help=f"default: {_SETTING}")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="the tables that can be divided, their rows and their periods")
    dividing = actions.add_parser("switch", help="divide a table by time while the service runs")
    dividing.add_argument("table", choices=sorted(DIVIDED))
    given = parser.parse_args(arguments)
    if not given.url:
        parser.error(f"say which database: --url, or {_SETTING}")
    with exit_on_database_error(f"--url, or {_SETTING}"):
        return asyncio.run(_run(given))


async def _run(given: argparse.Namespace) -> int:
    connection = await asyncpg.connect(given.url.replace("+asyncpg", ""), command_timeout=None)
    try:
        if given.action == "show":
            return await _show(connection)
        return await _switch(connection, given.table)
    finally:
        await connection.close()


async def _show(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    for name in sorted(DIVIDED):
        for row in await connection.fetch(_ROWS, name):
            kind = {"p": "divided", "r": "plain" if row["relname"] == name else "period"}[row["kind"]]
            _say(f"{row['relname']:<24} {kind:<8} {max(row['rows'], 0):>14,} rows {row['megabytes']:>10,} MB")
    return 0


async def _switch(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> int:
    try:
        done = await switch(connection, DIVIDED[name], datetime.now(UTC), _say)
    except CannotSwitch as error:
        _say(str(error))
        return 1
    _say(
        f"{name} is divided: the lock was waited for {done.waited_ms:.0f} ms and held for {done.held_ms:.0f} ms"
        f" ({done.attempts} attempts)"
    )
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
