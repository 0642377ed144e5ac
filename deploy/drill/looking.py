"""Questions of a drill to the databases, asked as the superuser."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deploy.demo.problems import StepFailed
from deploy.local.coroutines import run
from deploy.local.postgres import Postgres, database_of


def rows(postgres: Postgres, service: str, query: str, *arguments: Any) -> list[Any]:
    """The rows of a query on a service's database."""

    async def ask() -> list[Any]:
        connection = await postgres.connect(database_of(service))
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    return run(ask())


def value(postgres: Postgres, service: str, query: str, *arguments: Any) -> Any:
    """The one value of a query."""
    return rows(postgres, service, query, *arguments)[0][0]


def unseen(postgres: Postgres, subscriptions: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The number of events that were sent, and that a group that takes them has not seen, by group."""
    sent = [
        row for service in subscriptions for row in rows(postgres, service, "SELECT event_id, type FROM sent_events")
    ]
    found = {}
    for group, types in subscriptions.items():
        seen = "SELECT event_id FROM inbox UNION SELECT event_id FROM dead_letters WHERE event_id IS NOT NULL"
        known = {row[0] for row in rows(postgres, group, seen)}
        lacking = [row for row in sent if row[1] in types and row[0] not in known]
        if lacking:
            found[group] = len(lacking)
    return found


def wait(what: str, holds: Callable[[], bool], seconds: float = 300) -> None:
    """Return when it holds; raises `StepFailed` naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise StepFailed(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.3)
