"""The same servers in containers, for `ZAIRYU_TEST_INFRA=docker`: what a site runs, where a Docker engine answers.

Each is the local server with another way to start and end, so that tests see no difference.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import yaml
from minio import Minio
from testcontainers.core.container import DockerContainer

from deploy.local.broker import Broker
from deploy.local.object_store import DOCUMENTS, ObjectStore
from deploy.local.ports import HOST, Ports
from deploy.local.postgres import SUPERUSER, Postgres
from deploy.local.problems import StackProblem
from deploy.local.process import Spec
from deploy.local.server import Server
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack

# The label of images of `tests.compose`.
STAND_IN = "zairyu.stand-in"
_COMPOSE = yaml.safe_load((Path(__file__).resolve().parents[2] / "docker-compose.yml").read_text())["services"]
POSTGRES, KAFKA, SEAWEEDFS, MAILPIT = (
    str(_COMPOSE[name]["image"]) for name in ("postgres", "kafka", "object-store", "mailpit")
)


def _as_it_is_there(pinned: str) -> str:
    """The tag alone where `make test-compose` has an image stand in for it on this engine."""
    import docker

    tag = pinned.partition("@")[0]
    there = docker.from_env().images.list(name=tag)
    return tag if any(STAND_IN in image.labels for image in there) else pinned


class Box:
    """One container with fixed ports on 127.0.0.1; its data lives as long as it is not removed."""

    def __init__(self, image: str, ports: dict[int, int], environment: dict[str, str], command: Sequence[str]) -> None:
        self._container = DockerContainer(_as_it_is_there(image))
        # Its own method takes no address of the host, and would publish on all of them.
        published: Any = {inner: (HOST, outer) for inner, outer in ports.items()}
        self._container.ports = published
        for name, value in environment.items():
            self._container.with_env(name, value)
        if command:
            self._container.with_command(list(command))
        self._made = False

    def start(self) -> None:
        """Create it, or start it again on its data."""
        if self._made:
            self._docker().start()
        else:
            self._container.start()
            self._made = True

    def stop(self) -> None:
        if self._made:
            self._docker().stop(timeout=15)

    def kill(self) -> None:
        with suppress(Exception):
            self._docker().kill()

    def remove(self) -> None:
        if self._made:
            self._container.stop(force=True, delete_volume=True)
            self._made = False

    @property
    def name(self) -> str:
        """The engine's name for it."""
        return str(self._docker().name)

    def running(self) -> bool:
        if not self._made:
            return False
        container = self._docker()
        container.reload()
        return bool(container.status == "running")

    def _docker(self) -> Any:
        return self._container.get_wrapped_container()


class Boxed(Server):
    """Puts a box where the local server has a process."""

    box: Box

    def prepare(self) -> Spec:
        raise NotImplementedError("a container needs no preparation")

    def start(self) -> Any:
        if not self.running():
            self.box.start()
        deadline = time.monotonic() + 120
        while not self.healthy():
            if not self.running():
                raise StackProblem(f"the container of {self.name} has ended: docker logs {self.box.name}")
            if time.monotonic() > deadline:
                raise StackProblem(f"the container of {self.name} did not answer within 120 s")
            time.sleep(0.1)
        self.settle()
        return self

    def stop(self) -> None:
        self.box.stop()

    def kill(self) -> None:
        self.box.kill()

    def running(self) -> bool:
        return self.box.running()


class DockerPostgres(Boxed, Postgres):
    """PostgreSQL's own image."""

    def __init__(self, directory: Path, port: int, services: tuple[str, ...]) -> None:
        Postgres.__init__(self, directory, port, services, durable=False)
        environment = {
            "POSTGRES_USER": SUPERUSER,
            "POSTGRES_PASSWORD": self.secrets.text("postgres_superuser"),
            "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8",
        }
        command = ["postgres", *(part for name, value in self.options.items() for part in ("-c", f"{name}={value}"))]
        self.box = Box(POSTGRES, {5432: port}, environment, command)


class DockerStore(Boxed, ObjectStore):
    """SeaweedFS's own image; both buckets, so that the same health check holds."""

    def __init__(self, directory: Path, ports: Ports) -> None:
        ObjectStore.__init__(self, directory, ports)
        environment = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "WEED_S3_SSE_KEY": self._secrets.text("store_sse_key"),
        }
        command = ["mini", "-dir=/data", "-ip=127.0.0.1", "-ip.bind=0.0.0.0", "-admin.ui=false", "-webdav=false"]
        command += ["-master.telemetry=false", f"-bucket={DOCUMENTS},broker"]
        self.box = Box(SEAWEEDFS, {8333: ports.s3}, environment, command)

    def client(self, identity: str = DOCUMENTS) -> Minio:
        """The container knows one identity, which may do everything."""
        return super().client(DOCUMENTS)


class DockerKafka(Boxed, Broker):
    """Apache Kafka's own image, one KRaft node."""

    name = "kafka"
    idempotence = True

    def __init__(self, directory: Path, ports: Ports) -> None:
        Broker.__init__(self, directory)
        self.port = ports.broker
        environment = {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://localhost:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{self.bootstrap}",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        }
        self.box = Box(KAFKA, {9092: ports.broker}, environment, [])


class DockerMailbox(Boxed, Mailbox):
    """Mailpit. It refuses by chance and code, not by recipient: `refuse` then refuses everyone."""

    def __init__(self, directory: Path, ports: Ports) -> None:
        Mailbox.__init__(self, directory, ports.smtp)
        self._api = f"http://{HOST}:{ports.mail_viewer}/api/v1"
        environment = {"MP_ENABLE_CHAOS": "true", "MP_DISABLE_VERSION_CHECK": "true"}
        self.box = Box(MAILPIT, {1025: ports.smtp, 8025: ports.mail_viewer}, environment, [])

    def messages(self, recipient: str | None = None) -> list[EmailMessage]:
        found = self._call("GET", "/messages?limit=500")["messages"]
        kept = []
        for each in reversed(found):
            reached = [to["Address"].lower() for to in (each["To"] or []) + (each["Bcc"] or []) + (each["Cc"] or [])]
            if recipient is None or recipient.lower() in reached:
                with urllib.request.urlopen(f"{self._api}/message/{each['ID']}/raw", timeout=5) as answer:
                    kept.append(message_from_bytes(answer.read(), policy=default))
        return kept

    def refuse(self, recipient: str, code: int = 550, text: str = "refused") -> None:
        self._call("PUT", "/chaos", {"Recipient": {"ErrorCode": code, "Probability": 100}})

    def accept_all(self) -> None:
        self._call("PUT", "/chaos", {"Recipient": {"ErrorCode": 451, "Probability": 0}})

    def clear(self) -> None:
        self._call("DELETE", "/messages")

    def _call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            self._api + path, method=method, data=json.dumps(body).encode() if body else None
        )
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=5) as answer:
            content = answer.read()
        return json.loads(content) if content.startswith((b"{", b"[")) else None


class DockerStack(LocalStack):
    """The stack in containers."""

    def __init__(self, directory: Path, ports: Ports) -> None:
        super().__init__(directory, ports, durable=False)
        self.postgres = DockerPostgres(self.directory, ports.postgres, self.postgres.services)
        self.object_store = DockerStore(self.directory, ports)
        self.broker = DockerKafka(self.directory, ports)
        self.mailbox = DockerMailbox(self.directory, ports)

    def remove(self) -> None:
        """Remove the containers with their data."""
        for server in (self.postgres, self.object_store, self.broker, self.mailbox):
            assert isinstance(server, Boxed)
            server.box.remove()


def engine_answers() -> bool:
    """Whether there is a Docker engine."""
    import docker

    try:
        docker.from_env().ping()
    except (docker.errors.DockerException, urllib.error.URLError, OSError):
        return False
    return True
