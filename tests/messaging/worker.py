"""A part of a service in a process of its own, to be killed: `python -m tests.messaging.worker relay|consumer ...`."""

import argparse
import asyncio

from shared.db import Database
from shared.messaging import Consumer, KafkaProducer, KafkaSettings, KafkaSource, Relay
from tests.messaging.support import TEST_KEYS, Service


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("relay", "consumer"))
    for name in ("url", "bootstrap", "topic", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--idempotence", action="store_true")
    given = parser.parse_args()
    db = Database(given.url, pool_size=5, name=given.part)
    kafka = KafkaSettings(given.bootstrap, idempotence=given.idempotence, partitions=3)
    service = Service(db, given.topic)
    if given.part == "relay":
        # Small batches: more moments at which a kill can strike.
        await Relay(db, KafkaProducer(kafka), batch_size=50).run()
    else:
        source = KafkaSource.maker(kafka, given.group, [given.topic])
        await Consumer(db, source, given.group, service.handlers, keys=TEST_KEYS, batch_size=50).run()


if __name__ == "__main__":
    asyncio.run(main())
