"""Apache Kafka's protocol by aiokafka: where the brokers are, topics, and how a client is ended for certain."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, TopicAuthorizationFailedError, for_code
from aiokafka.helpers import create_ssl_context

from shared.messaging.ports import BrokerError

log = structlog.get_logger(__name__)

REQUEST_TIMEOUT_MS = 20_000
_STOP_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Where the brokers are, who asks, and how a topic looks that is created on first use."""

    bootstrap: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    mechanism: str = "SCRAM-SHA-512"
    tls: bool = False
    ca_file: str | None = None
    idempotence: bool = True
    partitions: int = 12
    replication: int = 1
    retention_hours: int = 336

    def connection(self) -> dict[str, Any]:
        """What every aiokafka client is made with."""
        known = self.username is not None
        protocol = ("SASL_" if known else "") + ("SSL" if self.tls else "PLAINTEXT")
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": protocol}
        if known:
            options |= {"sasl_mechanism": self.mechanism}
            options |= {"sasl_plain_username": self.username, "sasl_plain_password": self.password}
        if self.tls:
            options["ssl_context"] = create_ssl_context(cafile=self.ca_file)
        return options


async def ensure_topics(settings: KafkaSettings, topics: Iterable[str]) -> None:
    """Create the topics that do not exist. Whoever may not create topics relies on the operator to have done it."""
    admin = AIOKafkaAdminClient(**settings.connection(), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        await admin.start()
        missing = set(topics) - set(await admin.list_topics())
        if missing:
            retention = {"retention.ms": str(settings.retention_hours * 3_600_000)}
            answer = await admin.create_topics(
                [
                    NewTopic(topic, settings.partitions, settings.replication, topic_configs=retention)
                    for topic in sorted(missing)
                ]
            )
            for topic, code, *_ in answer.topic_errors:
                error = for_code(code)
                if code and error not in (TopicAlreadyExistsError, TopicAuthorizationFailedError):
                    raise BrokerError(f"creating {topic} failed: {error.__name__}")
    except (KafkaError, OSError) as error:
        raise BrokerError(f"creating topics failed: {type(error).__name__}") from error
    finally:
        with suppress(Exception):
            await admin.close()


async def stop_client(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop in any state and in bounded time. A client left behind would go on sending and hold its partitions."""
    try:
        async with asyncio.timeout(_STOP_TIMEOUT):
            await client.stop()
    except (KafkaError, OSError, TimeoutError) as error:
        log.warning("kafka client did not stop cleanly", error=type(error).__name__)
        # There is no public way to close without flushing first.
        for part in ("_sender", "_fetcher", "client", "_client"):
            with suppress(Exception):
                await asyncio.wait_for(getattr(client, part).close(), 1)
