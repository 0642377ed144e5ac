"""The look at a system after a load: everything has arrived, nothing is lost or doubled, invariants hold."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence

from deploy.demo.problems import StepFailed
from deploy.drill.looking import rows, unseen, value
from deploy.local.environment import environment
from deploy.local.postgres import Postgres
from deploy.local.service import ROOT
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack
from tests.guards.test_route_permissions import build

_PATIENCE = 900.0
_MAILED = "SELECT DISTINCT number FROM notifications WHERE number IS NOT NULL"
_UNFINISHED = "SELECT count(*) FROM notifications WHERE state = 'created'"
# One that waits for its turn has not arrived; one that was set aside needs an operator.
_LATER = "SELECT count(*) FROM dead_letters WHERE status <> 'parked'"
_LETTERS = "SELECT count(*) FROM dead_letters WHERE status = 'parked'"


def left(postgres: Postgres) -> dict[str, int]:
    """Numbers of what has not arrived: events in outboxes, events that a group has not seen, mails not sent."""
    found = {f"outbox of {name}": waiting(postgres, name) for name in SERVICES_WITH_DATABASE}
    found |= {f"unseen by {name}": number for name, number in unseen(postgres, _subscriptions()).items()}
    found |= {f"letters of {name}": int(value(postgres, name, _LATER)) for name in SERVICES_WITH_DATABASE}
    found["mails"] = int(value(postgres, "notification", _UNFINISHED))
    return {name: number for name, number in found.items() if number}


def waiting(postgres: Postgres, service: str) -> int:
    """The number of events in a service's outbox."""
    return int(value(postgres, service, "SELECT count(*) FROM outbox"))


def _subscriptions() -> dict[str, list[str]]:
    return {name: [each.event_type() for each in build(name).state.handlers] for name in SERVICES_WITH_DATABASE}


async def settle(postgres: Postgres, seconds: float = _PATIENCE) -> float:
    """Return when everything has arrived, and how long that took; raises `StepFailed` naming what is left.

    As long as less and less is left nothing is given up.
    """
    began = best_at = time.monotonic()
    fewest: int | None = None
    while remains := await asyncio.to_thread(left, postgres):
        together = sum(remains.values())
        if fewest is None or together < fewest:
            fewest, best_at = together, time.monotonic()
        if time.monotonic() - best_at > seconds:
            raise StepFailed(f"not everything arrived: {remains}")
        await asyncio.sleep(1)
    return time.monotonic() - began


def wrong_numbers(postgres: Postgres, receipts: Sequence[str]) -> list[str]:
    """Faults of the receipt numbers that people were given: given twice, lost, without a case or a mail."""
    found = [f"given twice: {number}" for number, times in Counter(receipts).items() if times > 1]
    for service, table in (("application", "applications"), ("review", "cases")):
        query = f"SELECT receipt_number FROM {table} WHERE receipt_number IS NOT NULL"
        kept = Counter(row[0] for row in rows(postgres, service, query))
        found += [f"not among the {table}: {number}" for number in receipts if number not in kept]
        found += [f"twice among the {table}: {number}" for number, times in kept.items() if times > 1]
    mailed = {row[0] for row in rows(postgres, "notification", _MAILED)}
    return found + [f"nobody was informed by email: {number}" for number in receipts if number not in mailed]


def letters(postgres: Postgres) -> list[str]:
    """Events that were set aside, by service."""
    counted = {name: int(value(postgres, name, _LETTERS)) for name in SERVICES_WITH_DATABASE}
    return [f"dead letters of {name}: {number}" for name, number in counted.items() if number]


def broken_invariants(stack: LocalStack) -> list[str]:
    """The lines of the invariants that do not hold, asked as an operator does: `python -m shared.invariants`."""
    broken = []
    for service in SERVICES_WITH_DATABASE:
        command = [sys.executable, "-m", "shared.invariants", service]
        done = subprocess.run(command, cwd=ROOT, env=environment(service, stack), capture_output=True, text=True)
        if done.returncode:
            lines = (done.stdout + done.stderr).splitlines()
            broken += [f"{service}: {line}" for line in lines if not line.startswith("holds")]
    return broken
