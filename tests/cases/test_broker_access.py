"""Refusals by the broker itself: on Apache Kafka (`make test-kafka`), with the users and access list of compose."""

import asyncio
import os
from secrets import token_urlsafe

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from deploy.local.broker import PARTITIONS
from deploy.local.kafka.server import ApacheKafka
from deploy.local.stack import LocalStack
from shared.messaging import BrokerError, KafkaProducer, KafkaSettings, KafkaSource, Message
from shared.messaging.message import Partition
from tests.support.waiting import eventually

SERVICES = ("registration", "application", "document", "review", "notification")

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(os.environ.get("ZAIRYU_TEST_KAFKA") != "apache", reason="the local broker has no access list"),
]


class _Nobody:
    """Wants to know of no partition."""

    async def on_assigned(self, partitions: object) -> None: ...

    async def on_revoked(self, partitions: object) -> None: ...


@pytest.fixture(scope="module")
def passwords() -> dict[str, str]:
    return {service: token_urlsafe(24) for service in SERVICES}


@pytest.fixture(scope="module")
def guarded(stack: LocalStack, passwords: dict[str, str]) -> str:
    """The address to which services connect, once deploy/docker/kafka-access.sh has run."""
    assert isinstance(stack.broker, ApacheKafka)
    said = stack.broker.admit_services(passwords)
    assert "review may send to review.events and read from: application" in said
    return stack.broker.guarded


async def test_a_service_sends_to_its_own_topics_and_to_no_other(guarded: str, passwords: dict[str, str]) -> None:
    """[attacks F3] the user of `document` cannot put a decision into review.events."""
    settings = KafkaSettings(guarded, username="document", password=passwords["document"])
    own = KafkaProducer(settings)
    try:
        # The local stack made the first topic; the second is made on first use, by its owner.
        await own.send([Message("document.events", "key", b"{}"), Message("document.dead-letters", "key", b"{}")])
    finally:
        await own.stop()
    foreign = AIOKafkaProducer(**settings.connection(), acks="all")
    await foreign.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await asyncio.wait_for(foreign.send_and_wait("review.events", b"{}", key=b"key", partition=0), 20)
    finally:
        await foreign.stop()


async def test_a_client_without_the_right_password_is_refused(guarded: str, passwords: dict[str, str]) -> None:
    """[attacks F3] neither without a user, nor with another's password."""
    for settings in (
        KafkaSettings(guarded, username="review", password=passwords["document"]),
        KafkaSettings(guarded, username="nobody", password="x"),
    ):
        producer = KafkaProducer(settings)
        with pytest.raises(BrokerError):
            await producer.send([Message("review.events", "key", b"{}")])
        await producer.stop()
    nobody = AIOKafkaProducer(bootstrap_servers=guarded, request_timeout_ms=3_000)
    try:
        with pytest.raises((KafkaError, OSError)):
            await nobody.start()
    finally:
        await nobody.stop()


async def test_a_service_reads_what_it_handles(guarded: str, passwords: dict[str, str]) -> None:
    """[attacks F3] the access list leaves a service all that it needs: group, topics, offsets."""
    own = KafkaProducer(KafkaSettings(guarded, username="document", password=passwords["document"]))
    try:
        await own.send([Message("document.events", "key", b"here")])
    finally:
        await own.stop()
    settings = KafkaSettings(guarded, username="application", password=passwords["application"])
    source = KafkaSource.maker(settings, "application", ["document.events"])(_Nobody())
    try:
        await source.start()

        async def arrived() -> bool:
            found = [await source.poll(Partition("document.events", number), 10, 0.2) for number in range(PARTITIONS)]
            for batch in found:
                if batch:
                    await source.commit({batch[-1].place: batch[-1].offset + 1})
            return any(message.value == b"here" for batch in found for message in batch)

        await eventually(arrived, timeout=40)
    finally:
        await source.stop()
