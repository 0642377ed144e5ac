"""Keys go to the partitions to which every other client of Kafka sends them."""

from dataclasses import replace

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging import KafkaSettings, partitions_of
from shared.messaging.partitioning import index_of
from tests.messaging.support import Service

ALL = 1 << 31


@pytest.mark.parametrize(
    ("key", "hashed"),
    # The values with which Kafka's own client is tested.
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_a_key_has_the_hash_that_kafka_gives_it(key: bytes, hashed: int) -> None:
    assert index_of(key, ALL) == hashed & 0x7FFFFFFF


@given(st.binary(max_size=60), st.integers(1, 50))
def test_a_key_goes_where_the_client_would_send_it(key: bytes, count: int) -> None:
    numbers = list(range(count))
    assert index_of(key, count) == DefaultPartitioner()(key, numbers, numbers)


@pytest.mark.kafka
@pytest.mark.server
async def test_the_broker_says_how_many_partitions_a_topic_has(service: Service, kafka: KafkaSettings) -> None:
    assert await partitions_of(kafka, service.topic) == 3
    assert await partitions_of(replace(kafka, partitions=2), f"{service.topic}-new") == 2
