"""`python -m shared.journal verify` and `python -m shared.journal replay SERVICE`: checks of the journal."""

import argparse
import asyncio
import os
import sys

from shared.db import Database
from shared.db.command_line import exit_on_database_error
from shared.db.tables import has_tables, tables_of
from shared.journal.replay import compare_with_state
from shared.journal.verify import verify


async def _findings(url: str, service: str | None) -> list[object]:
    db = Database(url, name="zairyu-journal")
    try:
        async with db.read() as session:
            if service is None:
                return list(await verify(session))
            return list(await compare_with_state(session, tables_of(service)))
    finally:
        await db.close()


def main() -> None:
    """Print each contradiction; status 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m shared.journal", description=__doc__)
    parser.add_argument("--url", default=os.environ.get("ZAIRYU_DATABASE_URL"), help="default: ZAIRYU_DATABASE_URL")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("verify", help="rows, chains and seals")
    replay = actions.add_parser("replay", help="the journal against the state tables")
    replay.add_argument("service")
    arguments = parser.parse_args()
    if not arguments.url:
        parser.error("say which database: --url, or ZAIRYU_DATABASE_URL")
    service = getattr(arguments, "service", None)
    if service is not None and not (service.isidentifier() and has_tables(service)):
        parser.error(f"no service with tables is called {service!r}")
    with exit_on_database_error("--url, or ZAIRYU_DATABASE_URL"):
        findings = asyncio.run(_findings(arguments.url, service))
    for finding in findings:
        print(finding)
    print(f"{len(findings)} contradictions found" if findings else "no contradiction found")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
