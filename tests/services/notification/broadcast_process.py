"""A notification service that only hands broadcasts over and mails them, in a process of its own, for
`test_broadcasts_once`."""

import asyncio

from services.notification.app import create_app
from services.notification.jobs import timers
from services.notification.settings import Settings
from shared.parts import Part, keep_running
from shared.timers import TimerWorker


async def main() -> None:
    app = create_app(Settings())
    sender = app.state.sender
    worker = TimerWorker(app.state.runtime.commands, timers(app.state.channels, sender.wake_after_commit), pause=0.05)
    async with keep_running(Part("sender", sender.run)), keep_running(Part("timers", worker.run)):
        await asyncio.Event().wait()
