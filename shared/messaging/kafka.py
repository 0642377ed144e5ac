"""Apache Kafka's protocol by aiokafka: connection settings, topics, and ending a client for certain."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, TopicAuthorizationFailedError, for_code
from aiokafka.helpers import create_ssl_context

from shared.messaging.ports import BrokerError
from shared.tasks import LeakedCancellation, contained, see_through

log = structlog.get_logger(__name__)

REQUEST_TIMEOUT_MS = 20_000
_STOP_SECONDS = 10.0
_CLOSE_SECONDS = 2.0
# Background tasks of the clients. There is no public way to end them where `stop` failed.
_BACKGROUND = (
    "_sender._sender_task",
    "_fetcher._fetch_task",
    "_coordinator._coordination_task",
    "_coordinator._heartbeat_task",
    "_coordinator._commit_refresh_task",
)


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """The brokers' addresses, the user of the clients, and the form of a topic that is created on first use."""

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
        """The options that every aiokafka client is made with."""
        known = self.username is not None
        protocol = ("SASL_" if known else "") + ("SSL" if self.tls else "PLAINTEXT")
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": protocol}
        if known:
            options |= {"sasl_mechanism": self.mechanism}
            options |= {"sasl_plain_username": self.username, "sasl_plain_password": self.password}
        if self.tls:
            options["ssl_context"] = create_ssl_context(cafile=self.ca_file)
        return options


@contextmanager
def as_broker_error(doing: str) -> Iterator[None]:
    """Raise transient errors of the library as `BrokerError`.

    That includes a `CancelledError` that leaked out of the library. Nothing of ours may end of that.
    """
    try:
        with contained():
            yield
    except (KafkaError, OSError, LeakedCancellation) as error:
        raise BrokerError(f"{doing} failed: {type(error).__name__}") from error


async def ensure_topics(settings: KafkaSettings, topics: Iterable[str]) -> None:
    """Create the topics that do not exist. Where this account may not create any, the operator has to do it."""
    async with _admin(settings, "creating topics") as admin:
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


async def partitions_of(settings: KafkaSettings, topic: str) -> int:
    """The number of partitions of a topic, which is created where it does not exist. Raises `BrokerError`."""
    await ensure_topics(settings, [topic])
    async with _admin(settings, "asking for partitions") as admin:
        (found,) = await admin.describe_topics([topic])
    if not found["partitions"]:
        raise BrokerError(f"asking for partitions failed: {topic} has none yet")
    return len(found["partitions"])


@asynccontextmanager
async def _admin(settings: KafkaSettings, doing: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**settings.connection(), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        with as_broker_error(doing):
            await client.start()
            yield client
    finally:
        await see_through(client.close(), seconds=_CLOSE_SECONDS, name="closing of the Kafka admin client")


async def stop_client(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop in any state, in bounded time, and for certain: also when the caller is cancelled during it.

    A client left behind would go on sending and hold its partitions. Failures are logged and never raised.
    """
    name = f"stop of {type(client).__name__}"
    await see_through(_stop(client, name), seconds=_STOP_SECONDS * 2, name=name)


async def _stop(client: AIOKafkaProducer | AIOKafkaConsumer, name: str) -> None:
    failed = await see_through(client.stop(), seconds=_STOP_SECONDS, name=name)
    if failed is None:
        return
    log.warning("kafka.client_not_stopped", error=type(failed).__name__)
    left = set(getattr(getattr(client, "_fetcher", None), "_pending_tasks", ()))
    for path in _BACKGROUND:
        with suppress(AttributeError):
            left.add(attrgetter(path)(client))
    left.discard(None)
    for task in left:
        task.cancel()
    # The producer calls its connections `client`, the consumer `_client`.
    connections = getattr(client, "_client", None) or client.client
    await see_through(connections.close(), seconds=_CLOSE_SECONDS, name=f"{name}: connections")
    if left:
        await asyncio.wait(left, timeout=_CLOSE_SECONDS)
