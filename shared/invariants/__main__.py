"""The operator's command line: `python -m shared.invariants SERVICE` checks all invariants of a service now."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from shared.clock import SystemClock
from shared.db import Database
from shared.db.command_line import exit_on_database_error
from shared.invariants.checking import check
from shared.invariants.model import Invariant

Load = Callable[[str], tuple[Database, Sequence[Invariant]]]


def invariants_of(service: str) -> tuple[Database, Sequence[Invariant]]:
    """The database of a service and what must hold in it; settings from the environment, as the service has them."""
    if not service.isidentifier() or find_spec(f"services.{service}.invariants") is None:
        raise SystemExit(f"no service with invariants is called {service!r}")
    settings = import_module(f"services.{service}.settings").Settings.read()
    state = import_module(f"services.{service}.app").create_app(settings).state
    return state.runtime.db, state.invariants


def main(arguments: Sequence[str] | None = None, load: Load = invariants_of) -> int:
    """Print the state of each, with the ids of what contradicts it; 1 where one is contradicted or unknown."""
    parser = argparse.ArgumentParser(prog="python -m shared.invariants", description=__doc__)
    parser.add_argument("service")
    given = parser.parse_args(arguments)
    with exit_on_database_error():
        return asyncio.run(_check_all(*load(given.service)))


async def _check_all(db: Database, invariants: Sequence[Invariant]) -> int:
    now = SystemClock().now()
    try:
        rows = [await check(db, invariant, now) for invariant in invariants]
    finally:
        await db.close()
    for row in rows:
        found = f"  {row['violations']}: {' '.join(row['ids'])}" if row["violations"] else ""
        why = f"  {row['error']}" if row["error"] else ""
        sys.stdout.write(f"{row['state']:<9} {row['name']}{found}{why}\n")
    return 0 if all(row["state"] == "holds" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
