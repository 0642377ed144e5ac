"""The notification service in a process of its own, with a broker in memory, for `tests.bench.mails`.

It says `ready`, and sends to the broker what each line of its input holds: a message, pickled, in hexadecimal digits.
"""

import asyncio
import os
import pickle
import sys
from pathlib import Path

from services.notification.app import create_app
from services.notification.settings import Settings
from shared import logging
from shared.messaging import Consumer, MemoryBroker, MemoryProducer, MemorySource
from shared.parts import Part, keep_running
from tests.support.waiting import eventually


async def main() -> None:
    app = create_app(Settings())
    runtime, handlers = app.state.runtime, app.state.handlers
    broker = MemoryBroker()
    source = MemorySource.maker(broker, "notification", sorted({event.topic for event in handlers}))
    consumer = Consumer(runtime.db, source, "notification", handlers, keys=runtime.event_keys, clock=runtime.clock)
    async with app.router.lifespan_context(app), keep_running(Part("consumer", consumer.run)):
        await eventually(lambda: consumer.ready, 120)
        print("ready", flush=True)  # noqa: T201
        while line := await asyncio.to_thread(sys.stdin.readline):
            await MemoryProducer(broker).send([pickle.loads(bytes.fromhex(line))])


if __name__ == "__main__":
    # Log lines are made as they are in production, and read by nobody.
    with Path(os.devnull).open("w") as nobody:
        logging.configure("notification", "INFO", nobody)
        asyncio.run(main())
