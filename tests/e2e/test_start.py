"""A service may be started before what it needs: it lives, says what it waits for, and works once that is there."""

import asyncio
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from deploy.local.environment import environment
from deploy.local.ports import Ports
from deploy.local.service import Service
from deploy.local.stack import LocalStack
from deploy.local.system import bring_up_to_date
from tests.support.waiting import eventually


@pytest.mark.server
@pytest.mark.system
async def test_a_service_started_before_postgres_and_the_broker_waits_and_then_works(tmp_path: Path) -> None:
    stack = LocalStack(tmp_path, Ports.free(), durable=False, services=("registration", "review"))
    stack.start()
    try:
        await asyncio.to_thread(bring_up_to_date, stack, ("registration", "review"))
        for server in reversed(stack.servers):
            server.stop()
        services = [
            Service(name, tmp_path, getattr(stack.ports, name), environment(name, stack))
            for name in ("registration", "review")
        ]
        try:
            for service in services:
                service.start()
            review = services[1]
            await eventually(lambda: {"database", "relay", "consumer"} <= _failing(review), 60)
            for server in stack.servers:
                await asyncio.to_thread(server.start)
            for service in services:
                await asyncio.to_thread(service.wait_ready)
        finally:
            for service in services:
                service.stop()
    finally:
        stack.stop()


def _failing(service: Service) -> set[str]:
    try:
        urllib.request.urlopen(f"{service.url}/readyz", timeout=5)
    except urllib.error.HTTPError as error:
        return {each["check"] for each in json.load(error)["failing"]}
    except OSError:
        return set()
    return set()
