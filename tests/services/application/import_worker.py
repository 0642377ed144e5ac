"""Works on imports in a process of its own, until it is killed: `python -m ... URL TIME`."""

import asyncio
import sys
from datetime import datetime

from services.application.app import create_app
from services.application.settings import Settings
from shared.clock import ManualClock
from shared.timers import TimerWorker
from tests.services.application.sheet import Books
from tests.support import keys


async def _work(url: str, now: datetime) -> None:
    app = create_app(Settings(database_url=url, **keys.secrets("application"), parts="jobs"), ManualClock(now))
    app.state.imports.books = Books()
    runtime = app.state.runtime
    await TimerWorker(runtime.commands, app.state.imports.timers(), pause=0.01).run()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
