"""Lets decisions take effect in a process of its own, until it is killed: `python -m ... URL TIME`."""

import asyncio
import sys
from datetime import datetime

from services.review.app import create_app
from services.review.jobs import TIMERS
from services.review.settings import Settings
from shared.clock import ManualClock
from shared.timers import TimerWorker
from tests.support import keys


async def _work(url: str, now: datetime) -> None:
    app = create_app(Settings(database_url=url, **keys.secrets("review"), parts="jobs"), ManualClock(now))
    await TimerWorker(app.state.runtime.commands, TIMERS, pause=0.01).run()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
