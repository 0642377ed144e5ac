"""A notification service that only sends, in a process of its own, for `test_mails_once`: ends at SIGTERM."""

import asyncio
import signal

from services.notification.app import create_app
from services.notification.settings import Settings
from shared.clock import ManualClock
from shared.parts import Part, keep_running
from tests.services.notification.conftest import START


async def main() -> None:
    app = create_app(Settings(), ManualClock(START))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with keep_running(Part("sender", app.state.sender.run)):
        await stopped.wait()
    await app.state.runtime.db.close()


if __name__ == "__main__":
    asyncio.run(main())
