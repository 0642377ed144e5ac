"""The notification service without HTTP, in a process of its own, for `test_killed_deliveries`.

Its broker is in memory and holds the signed messages of a file: each start gets all of them again.
"""

import asyncio
import pickle
from datetime import timedelta
from pathlib import Path

from services.notification.app import create_app
from services.notification.settings import Settings
from shared.messaging import Consumer, MemoryBroker, MemoryProducer, MemorySource
from shared.parts import Part, keep_running


async def main(file: str) -> None:
    app = create_app(Settings())
    runtime, handlers = app.state.runtime, app.state.handlers
    broker = MemoryBroker()
    await MemoryProducer(broker).send(pickle.loads(Path(file).read_bytes()))
    source = MemorySource.maker(broker, "notification", sorted({event.topic for event in handlers}))
    consumer = Consumer(
        runtime.db,
        source,
        "notification",
        handlers,
        keys=runtime.event_keys,
        clock=runtime.clock,
        # All events are as old as the file: none is set aside because what it builds on is still on its way.
        not_yet_for=timedelta(hours=1),
    )
    async with (
        keep_running(Part("consumer", consumer.run)),
        keep_running(Part("sender", app.state.sender.run)),
        keep_running(Part("webhooks", app.state.webhook_sender.run)),
    ):
        await asyncio.Event().wait()
