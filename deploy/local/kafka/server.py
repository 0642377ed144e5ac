"""One Apache Kafka node (KRaft: broker and controller in one process) on 127.0.0.1."""

import fcntl
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from deploy.local.broker import Broker
from deploy.local.ports import HOST, Ports
from deploy.local.problems import StackProblem
from deploy.local.process import Spec, plain_environment

_POM = Path(__file__).with_name("pom.xml")
_LIBS = Path(__file__).resolve().parents[3] / ".zairyu" / "kafka"
_ACCESS = Path(__file__).resolve().parents[2] / "docker" / "kafka-access.sh"
_TOOLS = {
    "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
}
_JAVA_NEEDED = 17
# Any constant of this shape serves: the node checks that a log directory is its own cluster's.
_CLUSTER_ID = "emFpcnl1LWxvY2FsLTAwMQ"


class ApacheKafka(Broker):
    """The same interface as `deploy.local.broker.Tansu`, with the idempotent producer."""

    name = "kafka"
    idempotence = True

    def __init__(self, directory: Path, ports: Ports) -> None:
        super().__init__(directory)
        self.port = ports.broker
        self._controller_port = ports.broker_controller
        self._sasl_port = ports.broker_sasl
        self.data = directory / "kafka"

    @property
    def guarded(self) -> str:
        """`host:port` of the listener that asks for a user and a password; the other takes everybody as operator."""
        return f"{HOST}:{self._sasl_port}"

    def admit_services(self, passwords: Mapping[str, str]) -> str:
        """Run the script that containers run: the services' users, and what each may do. Returns what it said."""
        tools = self.data / "bin"
        tools.mkdir(exist_ok=True)
        for name, main in _TOOLS.items():
            tool = tools / name
            quiet = "-XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error"
            tool.write_text(f'#!/bin/sh\nexec "{java_program()}" {quiet} -cp "{fetch_libraries()}/*" {main} "$@"\n')
            tool.chmod(0o700)
        given = {f"ZAIRYU_{service.upper()}_KAFKA_PASSWORD": password for service, password in passwords.items()}
        done = subprocess.run(
            ["bash", str(_ACCESS)],
            env=plain_environment() | {"KAFKA_BIN": str(tools), "KAFKA_SERVER": self.bootstrap} | given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode != 0:
            raise StackProblem(f"{_ACCESS} failed: {done.stderr.strip()[-300:]}")
        return done.stdout

    def prepare(self) -> Spec:
        java = java_program()
        libraries = fetch_libraries()
        self.data.mkdir(parents=True, exist_ok=True)
        properties = self.data / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in self._properties().items()))
        classes = ["-cp", f"{libraries}/*"]
        quiet = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"]
        env = plain_environment()
        if not (self.data / "log" / "meta.properties").exists():
            self._format([java, *classes, *quiet], properties, env)
        return Spec(
            name=self.name,
            # Serial collector and first-tier compiler: a node for tests should start fast and leave cores to others.
            argv=[
                java,
                *("-Xms192m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                *("-Djava.net.preferIPv4Stack=true", "-Djava.awt.headless=true"),
                *quiet,
                *classes,
                "kafka.Kafka",
                str(properties),
            ],
            env=env,
            directory=self.data,
            ports=[self.port, self._controller_port, self._sasl_port],
            stop_seconds=30,
        )

    def _properties(self) -> dict[str, str]:
        controller = f"{HOST}:{self._controller_port}"
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap},SASL://{self.guarded},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap},SASL://{self.guarded}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            # As in docker-compose.yml: on SASL the access list decides, on the others everything is allowed.
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "allow.everyone.if.no.acl.found": "false",
            "log.dirs": str(self.data / "log"),
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "3",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            # The default of 3 s holds every test's first consumer back.
            "group.initial.rebalance.delay.ms": "0",
            "num.network.threads": "2",
            "num.io.threads": "2",
        }

    def _format(self, java: list[str], properties: Path, env: dict[str, str]) -> None:
        """Kafka's own storage tool; a directory that a killed run left incomplete is formatted again."""
        shutil.rmtree(self.data / "log", ignore_errors=True)
        done = subprocess.run(
            [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(properties)],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode != 0:
            words = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
            raise StackProblem(f"Kafka's storage tool could not format {self.data / 'log'}: {words}")


@cache
def java_program() -> str:
    """Path of `java`; raises `StackProblem` when there is none or one too old."""
    java = shutil.which("java")
    if java is None:
        raise StackProblem(
            f"Apache Kafka needs Java {_JAVA_NEEDED} or newer: install openjdk-{_JAVA_NEEDED}-jre-headless"
        )
    said = subprocess.run(
        [java, "-version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
    ).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < _JAVA_NEEDED:
        raise StackProblem(
            f"Apache Kafka needs Java {_JAVA_NEEDED} or newer, {java} is {version[1] if version else 'unknown'}: "
            f"install openjdk-{_JAVA_NEEDED}-jre-headless"
        )
    return java


def fetch_libraries() -> Path:
    """The directory of Kafka's jars, as pinned in pom.xml; fetched by Maven once per pom.xml."""
    _LIBS.mkdir(parents=True, exist_ok=True)
    with (_LIBS / "lock").open("a") as lock:
        # Two test workers that start at the same time fetch once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _fetch()


def _fetch() -> Path:
    found = _LIBS / "libs"
    stamp = _LIBS / "pom.fetched"
    if stamp.exists() and stamp.read_bytes() == _POM.read_bytes():
        return found
    maven = shutil.which("mvn")
    if maven is None:
        raise StackProblem("fetching Apache Kafka needs Maven: install maven, or use Docker (ZAIRYU_TEST_INFRA=docker)")
    fresh = _LIBS / "libs.new"
    shutil.rmtree(fresh, ignore_errors=True)
    done = subprocess.run(
        [
            *(maven, "-B", "-q", "-f", str(_POM), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={fresh}"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode != 0 or not list(fresh.glob("kafka_2.13-*.jar")):
        lines = [line for line in done.stdout.splitlines() if "ERROR" in line] or ["no reason given"]
        raise StackProblem(f"Maven could not fetch Apache Kafka (is its repository reachable?): {lines[0][:300]}")
    shutil.rmtree(found, ignore_errors=True)
    fresh.rename(found)
    stamp.write_bytes(_POM.read_bytes())
    return found
