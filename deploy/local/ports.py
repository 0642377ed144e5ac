"""The ports of the local stack: fixed numbers for people, a free block for tests."""

import json
import os
import random
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from deploy.local.problems import StackProblem

HOST = "127.0.0.1"
DEFAULT_BASE = 8000

# Distance from the base: one variable moves the whole system, and the numbers in the documentation stay readable.
_OFFSETS = {
    "gateway": 0,
    "gateway_operations": 1,
    "registration": 101,
    "application": 102,
    "document": 103,
    "review": 104,
    "notification": 105,
    "smtp": 525,
    "identity_provider": 526,
    "mail_viewer": 527,
    "scanner": 528,
    "payment": 529,
    "postgres": 532,
    "s3": 533,
    "s3_grpc": 534,
    "master": 535,
    "master_grpc": 536,
    "volume": 537,
    "volume_grpc": 538,
    "filer": 539,
    "filer_grpc": 540,
    "broker": 592,
    "broker_controller": 593,
    "broker_sasl": 594,
}

# Below the range from which Linux takes the ports of outgoing connections: a server that is restarted finds its
# port as it left it.
_FREE_FROM, _FREE_TO = 10_000, 32_000
_KEPT = "ports.json"


@dataclass(frozen=True, slots=True)
class Ports:
    """A port on 127.0.0.1 for each part. `s3_grpc` to `filer_grpc` are the S3 store's own inner parts."""

    gateway: int
    gateway_operations: int
    registration: int
    application: int
    document: int
    review: int
    notification: int
    smtp: int
    identity_provider: int
    mail_viewer: int
    scanner: int
    payment: int
    postgres: int
    s3: int
    s3_grpc: int
    master: int
    master_grpc: int
    volume: int
    volume_grpc: int
    filer: int
    filer_grpc: int
    broker: int
    broker_controller: int
    broker_sasl: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Ports":
        """Defaults, moved by `ZAIRYU_LOCAL_PORT_BASE` (8000) or one by one by `ZAIRYU_LOCAL_PORT_POSTGRES` and so on.

        Raises `StackProblem` for a value that is no port.
        """
        base = _port(environment, "ZAIRYU_LOCAL_PORT_BASE", DEFAULT_BASE)
        highest = 65_535 - max(_OFFSETS.values())
        if base > highest:
            raise StackProblem(f"ZAIRYU_LOCAL_PORT_BASE={base} leaves no room for all ports: give at most {highest}")
        return cls(
            **{
                name: _port(environment, f"ZAIRYU_LOCAL_PORT_{name.upper()}", base + offset)
                for name, offset in _OFFSETS.items()
            }
        )

    @classmethod
    def load(cls, directory: Path) -> "Ports":
        """The ports of the stack that was started last on `directory`; raises `StackProblem` where there was none."""
        try:
            return cls(**json.loads((directory / _KEPT).read_text()))
        except (OSError, ValueError, TypeError):
            raise StackProblem(f"no stack runs on {directory}: start one with `make up` or `make demo`") from None

    def save(self, directory: Path) -> None:
        """Write them down for the commands that look for the stack on `directory`."""
        fresh = directory / f"{_KEPT}.new"
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(directory / _KEPT)

    @classmethod
    def free(cls) -> "Ports":
        """A block of ports nobody listens on at this moment."""
        names = [field.name for field in fields(cls)]
        for _ in range(200):
            start = random.randrange(_FREE_FROM, _FREE_TO, len(names))
            block = range(start, start + len(names))
            if all(is_free(port) for port in block):
                return cls(**dict(zip(names, block, strict=True)))
        raise StackProblem(
            f"no block of {len(names)} free ports between {_FREE_FROM} and {_FREE_TO}: end what uses them"
        )


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65_535:
        raise StackProblem(f"{name}={value!r} is not a port: give a number from 1 to 65535")
    return int(value)
