"""`make bench`: what docs/benchmarks.md lists, measured on this machine; honest where it falls short.

`python -m tests.bench PART ...` measures only those parts: the keys of `PARTS`.
"""

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared import logging
from shared.db import Database
from shared.messaging import KafkaSettings
from tests.bench import (
    broadcasts,
    bulk,
    cards,
    cost,
    desk,
    figures,
    forms,
    imports,
    mails,
    messaging,
    pages,
    passing,
    pdfs,
    photos,
    rebuild,
    search,
    sheets,
    signing,
    submit,
    system,
    webhooks,
)
from tests.bench.line import Line
from tests.infra.databases import Databases, TestDatabase
from tests.messaging.support import create_tables

PARTS: dict[str, Callable[[], list[Line]]] = {
    "messaging": lambda: _messaging(),
    "filing": lambda: _filing(),
    "bulk": lambda: [*bulk.measure(), *imports.measure()],
    "forms": forms.measure,
    "sheets": sheets.measure,
    "tokens": signing.measure,
    "search": search.measure,
    "desk": desk.measure,
    "figures": figures.measure,
    "rebuild": rebuild.measure,
    "pages": pages.measure,
    "passing": passing.measure,
    "documents": photos.measure,
    "pdfs": pdfs.measure,
    "cards": cards.measure,
    "broadcasts": broadcasts.measure,
    "mails": mails.measure,
    "webhooks": webhooks.measure,
    "cost": cost.measure,
    "system": system.measure,
}


def main() -> int:
    """Measure and print."""
    asked = sys.argv[1:] or list(PARTS)
    if unknown := set(asked) - PARTS.keys():
        print(f"there is no {', '.join(unknown)}: choose from {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    lines = []
    # Log lines are made as they are in production, and read by nobody.
    with Path(os.devnull).open("w") as nobody:
        logging.configure("bench", "INFO", nobody)
        for name in asked:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            lines += PARTS[name]()
    _print([("what", "measured", "to hold", "ratio", ""), *(line.cells() for line in lines)])
    return 0


def _print(rows: list[tuple[str, str, str, str, str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def _filing() -> list[Line]:
    return [
        Line(
            f"submit: {row.name}",
            row.share,
            "of pgbench",
            row.target,
            note=f"{row.per_second:,.0f}/s, {row.cpu_ms:.1f} ms CPU",
        )
        for row in submit.measure()
    ]


def _messaging() -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        Path(folder).chmod(0o755)
        with LocalStack(Path(folder), Ports.free(), services=()) as stack:
            databases = Databases(stack.postgres)
            return [_line(row) for row in asyncio.run(_rows(databases.bare(), stack.broker.bootstrap))]


async def _rows(database: TestDatabase, bootstrap: str) -> list[messaging.Row]:
    await create_tables(database)
    db = Database(database.url)
    try:
        return [
            await messaging.relay_to_memory(db),
            await messaging.relay_to_kafka(db, KafkaSettings(bootstrap, idempotence=False, partitions=12)),
            await messaging.consumer_with_batch_handler(db),
            await messaging.consumer_with_plain_handler(db),
        ]
    finally:
        await db.close()


def _line(row: messaging.Row) -> Line:
    what, number, target, _ = row
    return Line(what, number, "events/s", target)


if __name__ == "__main__":
    sys.exit(main())
