"""Personal data of the case is in no log, no metric, no trace and no event."""

import urllib.request
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.demo import people
from deploy.demo.case import Outcome
from deploy.local.system import System
from shared.events import TOPICS
from shared.messaging.kafka import stop_client
from tests.e2e.personal import found_in
from tests.support.collector import Collector

pytestmark = pytest.mark.kafka


def test_it_is_in_no_log(system: System, played: Outcome) -> None:
    logs = {service.process.log_file for service in system.services.values()}
    logs |= {server.process.log_file for server in system.stack.servers if hasattr(server, "process")}
    read = {log.stem: log.read_bytes() for log in logs if log.exists()}
    assert all(read[name] for name in system.services)
    assert {name: found for name, content in read.items() if (found := found_in(content))} == {}


def test_it_is_in_no_metric(system: System, played: Outcome) -> None:
    for name, service in system.services.items():
        with urllib.request.urlopen(f"http://127.0.0.1:{service.operations_port}/metrics", timeout=10) as answer:
            content = answer.read()
        assert b"zairyu_http_request_seconds" in content
        assert found_in(content) == set(), name


def test_it_is_in_no_trace(collector: Collector, played: Outcome) -> None:
    content = b"".join(collector.received)
    assert content
    assert found_in(content) == set()


async def test_it_is_in_no_event(system: System, played: Outcome) -> None:
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=system.stack.broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        found: dict[str, set[str]] = {}
        seen = 0
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for messages in (await consumer.getmany(timeout_ms=500)).values():
                for message in messages:
                    seen += 1
                    headers = b"\n".join(value for _, value in message.headers)
                    kind = dict(message.headers).get("ce_type", b"").decode()
                    if here := found_in(b"\n".join((message.key or b"", message.value or b"", headers))):
                        found.setdefault(kind, set()).update(here)
    finally:
        await stop_client(consumer)
    assert seen > 20
    assert found == {}


def test_the_case_had_all_of_it(system: System, played: Outcome) -> None:
    mails = b"".join(path.read_bytes() for path in Path(system.mailbox_dir).rglob("*") if path.is_file())
    assert people.APPLICANT_MAIL.encode() in mails
