"""A service with another clock, and another way to the broker: `python -m tests.lights.changed SERVICE`.

`TEST_CLOCK` is a file with the seconds by which its clock is ahead, `TEST_BROKER` the port of the broker and the one to
use in its place: brokers tell their clients where they are, so that the address among the settings does not decide.
"""

import os
import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiokafka.conn import AIOKafkaConnection

from shared.clock import SystemClock

_AHEAD = Path(os.environ["TEST_CLOCK"])
_BROKER, _LINE = map(int, os.environ["TEST_BROKER"].split())
_connection = AIOKafkaConnection.__init__


def _now(_: SystemClock) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(_AHEAD.read_text() or 0))


def _made(self: AIOKafkaConnection, host: str, port: int, **options: Any) -> None:
    _connection(self, host, _LINE if port == _BROKER else port, **options)


if __name__ == "__main__":
    SystemClock.now = _now  # type: ignore[method-assign, assignment]
    AIOKafkaConnection.__init__ = _made
    runpy.run_module(f"services.{sys.argv[1]}", run_name="__main__", alter_sys=True)
