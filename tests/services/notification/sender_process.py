"""A notification service that only sends webhooks, in a process of its own, for `test_webhooks_once`."""

import asyncio
import signal

from services.notification.app import create_app
from services.notification.settings import Settings
from shared.parts import Part, keep_running


async def main() -> None:
    app = create_app(Settings())
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with keep_running(Part("webhooks", app.state.webhook_sender.run)):
        await stopped.wait()
    await app.state.runtime.db.close()
