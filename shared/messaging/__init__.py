"""Events between services: outbox, relay, broker, consumer, inbox, dead letters. See docs/messaging.md.

At least once on the wire, exactly once in effect; the order of one key is kept; nothing is lost, and what fails is
set aside where an operator finds it.
"""

from shared.messaging import deadletters, inbox, outbox
from shared.messaging.authenticity import EventKeys, Refused
from shared.messaging.consumer import Consumer, ConsumerState
from shared.messaging.envelope import Envelope, Undecodable, decode, encode
from shared.messaging.handlers import BatchHandler, Delivery, Handler, Handlers
from shared.messaging.kafka import KafkaSettings, ensure_topics, partitions_of
from shared.messaging.kafka_producer import KafkaProducer
from shared.messaging.kafka_source import KafkaSource
from shared.messaging.limit import DeadLetterLimit
from shared.messaging.memory import MemoryBroker, MemoryProducer, MemorySource
from shared.messaging.message import Message, Partition, Received
from shared.messaging.ports import Assignment, BrokerError, MakeSource, Producer, Progress, Source
from shared.messaging.relay import Relay, RelayState
from shared.messaging.replay import DeadLetters, NoSuchLetter, Replayed
from shared.messaging.resend import RelayRuns, resend
from shared.messaging.retry import NotYet, Retry
from shared.messaging.watchdog import Watchdog

__all__ = [
    "Assignment",
    "BatchHandler",
    "BrokerError",
    "Consumer",
    "ConsumerState",
    "DeadLetterLimit",
    "DeadLetters",
    "Delivery",
    "Envelope",
    "EventKeys",
    "Handler",
    "Handlers",
    "KafkaProducer",
    "KafkaSettings",
    "KafkaSource",
    "MakeSource",
    "MemoryBroker",
    "MemoryProducer",
    "MemorySource",
    "Message",
    "NoSuchLetter",
    "NotYet",
    "Partition",
    "Producer",
    "Progress",
    "Received",
    "Refused",
    "Relay",
    "RelayRuns",
    "RelayState",
    "Replayed",
    "Retry",
    "Source",
    "Undecodable",
    "Watchdog",
    "deadletters",
    "decode",
    "encode",
    "ensure_topics",
    "inbox",
    "outbox",
    "partitions_of",
    "resend",
]
