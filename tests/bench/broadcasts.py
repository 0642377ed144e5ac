"""A broadcast to many accounts, into the inbox: written down at its beginning, then handed over page by page.

`python -m tests.bench.broadcasts [ACCOUNTS]` measures with so many.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from deploy.local.ports import Ports
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack
from services.notification.broadcasts.commands.sending import carry_on
from services.notification.broadcasts.store import Broadcast
from shared.auth import Actor
from shared.clock import SystemClock
from shared.work import RequestIdentity
from tests.bench.line import Line
from tests.infra.databases import Databases, TestDatabase
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_broadcasts import approved
from tests.support.service import running

ACCOUNTS = 100_000
# The address is never opened: nothing goes by mail.
_ENTER = (
    "INSERT INTO contacts (account_id, sealed_address, language, as_of)"
    " SELECT gen_random_uuid(), 'sealed', 'ja', now() FROM generate_series(1, :count)",
    "INSERT INTO members (organisation_id, account_id, role, acts, as_of)"
    " SELECT account_id, account_id, 'self', true, now() FROM contacts",
    "ANALYZE contacts, members",
)


def measure(accounts: int = ACCOUNTS) -> list[Line]:
    """Seconds to write so many recipients down, and recipients in a second afterwards."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=True, services=("notification",))
        stack.lock()
        stack.postgres.start()
        try:
            return asyncio.run(_measured(Databases(stack.postgres).create("notification"), accounts, Path(made)))
        finally:
            stack.stop()


async def _measured(database: TestDatabase, count: int, folder: Path) -> list[Line]:
    clock = SystemClock()
    async with running("notification", database, clock=clock) as service:
        post = MailClient(service, clock, Mailbox(folder / "mail", 0))  # type: ignore[arg-type]
        async with service.db.engine.begin() as connection:
            for statement in _ENTER:
                await connection.execute(text(statement), {"count": count} if ":count" in statement else {})
        broadcast = await approved(post)
        commands, actor = service.app.state.runtime.commands, Actor.system("bench")

        async def step() -> str:
            async with commands.work(actor, RequestIdentity(request_id="bench")) as work:
                await carry_on(work, UUID(broadcast["id"]), lambda _: None)
            async with service.db.read() as session:
                return str(await session.scalar(select(Broadcast.state)))

        begun = time.perf_counter()
        await step()
        written_down = time.perf_counter() - begun
        begun, cpu = time.perf_counter(), time.process_time()
        while await step() != "sent":
            pass
        seconds = time.perf_counter() - begun
    note = f"{seconds:,.0f} s in all, {(time.process_time() - cpu) * 1000 / count:.2f} ms CPU of the service each"
    return [
        Line(f"broadcast to {count:,}: recipients written down", written_down, "s"),
        Line(f"broadcast to {count:,}: into the inbox, one process", count / seconds, "/s", note=note),
    ]


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS):
        print(" | ".join(line.cells()))  # noqa: T201
