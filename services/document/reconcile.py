"""`python -m services.document.reconcile`: compare every row with the store now, as after a restore.

Removes nothing: objects that no row needs wait for the daily sweep and reconciliation.
"""

import asyncio
import sys

from fastapi import FastAPI

from services.document.app import create_app
from services.document.objects import ObjectStore, StoreUnavailable
from services.document.retention import domain
from services.document.retention.commands.reconciliation import Compared, compare_day
from services.document.retention.store import ends
from services.document.settings import Settings
from shared.auth.actor import Actor
from shared.db.command_line import exit_on_database_error
from shared.ids import new_id
from shared.work import Commands, RequestIdentity


async def reconcile_all(commands: Commands, objects: ObjectStore) -> list[Compared]:
    """Each day's comparison, in a command of its own; what is missing or altered is journalled."""
    actor, request = Actor.system("document/reconcile"), RequestIdentity(f"reconcile:{new_id()}")
    async with commands.work(actor, request) as work:
        first = (await ends.sweep_bounds(work.session))[1]
        days = domain.days_from(first.date() if first else None, work.now.date())
    found = []
    for day in days:
        async with commands.work(actor, request) as work:
            found.append(await compare_day(work, objects, day))
    return found


async def _report(app: FastAPI) -> int:
    try:
        found = await reconcile_all(app.state.runtime.commands, app.state.objects)
    finally:
        await app.state.runtime.db.close()
    for day in found:
        for document_id, outcome in day.lost.items():
            sys.stdout.write(f"{outcome} {document_id}\n")
    lost, orphans = sum(len(day.lost) for day in found), sum(len(day.orphans) for day in found)
    matched = sum(day.matched for day in found)
    sys.stdout.write(f"{matched} files are there, {lost} are missing or altered, {orphans} objects belong to no row\n")
    return 1 if lost else 0


def main() -> int:
    """Print each document whose object is missing or altered; 1 where there is one."""
    app = create_app(Settings.read())
    try:
        with exit_on_database_error():
            return asyncio.run(_report(app))
    except StoreUnavailable as problem:
        raise SystemExit(f"the object store does not answer: {problem.code}") from None


if __name__ == "__main__":
    sys.exit(main())
