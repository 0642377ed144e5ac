"""A service whose processor time is sampled: `python -m tests.bench.sampled SERVICE FILE` runs it as it runs otherwise.

From one SIGUSR1 to the next it looks every few milliseconds of its processor time where it is, and then writes to FILE
what it found. The looks cost the service about a hundredth.
"""

import json
import runpy
import signal
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from greenlet import getcurrent  # type: ignore[import-untyped]

_EVERY = 0.002
_ROOT = f"{Path(__file__).resolve().parents[2]}/"
_PACKAGES = f"{sysconfig.get_path('purelib')}/"
# The first of these that stands in a stack, seen from its outermost call, says what the process is doing.
_DOINGS = {
    "shared/http/context.py": "requests",
    "shared/messaging/relay.py": "relay",
    "shared/messaging/lane.py": "events",
    "shared/messaging/membership.py": "consumer's rounds",
    "aiokafka": "Kafka client",
    "shared/timers/worker.py": "timers and jobs",
    "services/notification/delivery/sender.py": "mails",
    "services/notification/webhooks/sender.py": "webhooks",
    "shared/operations": "report of the process",
    "shared/auth/published.py": "keys and revocations",
}
_LAYERS = {
    "uvicorn": "HTTP server",
    "httptools": "HTTP server",
    "shared/http": "our HTTP layer",
    "fastapi": "FastAPI, Starlette",
    "starlette": "FastAPI, Starlette",
    "multipart": "FastAPI, Starlette",
    "python_multipart": "FastAPI, Starlette",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",
    "sqlalchemy": "SQLAlchemy",
    "asyncpg": "driver",
    "aiohttp": "HTTP client",
    "httpx": "HTTP client",
    "httpcore": "HTTP client",
    "yarl": "HTTP client",
    "multidict": "HTTP client",
    "urllib3": "store's client",
    "minio": "store's client",
    "aiokafka": "Kafka client",
    "structlog": "log lines",
    "shared/logging.py": "log lines",
    "shared/redaction.py": "log lines",
    "opentelemetry": "traces",
    "shared/tracing.py": "traces",
    "prometheus_client": "metrics",
    "jwt": "tokens",
    "shared/auth": "tokens",
    "cryptography": "seals",
    "shared/sealing.py": "seals",
    "jinja2": "templates",
    "shared/db": "our database layer",
    "shared/journal": "journal",
    "shared/work.py": "journal",
    "shared/messaging": "messaging",
    "shared/events": "messaging",
    "services": "rules and commands",
    "shared": "rules and commands",
}


class Sampler:
    """Counts of where the process was: by what it was doing and layer, by innermost call, by any call of a stack."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._layers: Counter[tuple[str, str]] = Counter()
        self._at: Counter[str] = Counter()
        self._within: Counter[str] = Counter()
        self._on = False

    def switch(self, _number: int, _frame: FrameType | None) -> None:
        """Begin, or end and write."""
        self._on = not self._on
        signal.setitimer(signal.ITIMER_PROF, *((_EVERY, _EVERY) if self._on else (0, 0)))
        if not self._on:
            found = {
                "layers": [[*key, count] for key, count in self._layers.most_common()],
                "at": self._at.most_common(150),
                "within": self._within.most_common(400),
            }
            self._file.write_text(json.dumps(found, indent=1), encoding="utf-8")

    def look(self, _number: int, frame: FrameType | None) -> None:
        """Count where the process is."""
        stack = [(_place(each.f_code.co_filename), each.f_code.co_qualname) for each in _frames(frame)]
        named = [(place, name) for place, name in stack if place]
        self._layers[_doing(named), _layer(named)] += 1
        if named:
            self._at[" ".join(named[0])] += 1
        self._within.update({" ".join(each) for each in named})


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The calls from the innermost outwards, through the greenlets in which SQLAlchemy runs."""
    greenlet = getcurrent()
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and greenlet.parent is not None:
            greenlet = greenlet.parent
            frame = greenlet.gr_frame


def _place(file: str) -> str:
    """The path of a module, seen from the checkout or from where packages lie; empty for Python's own."""
    for prefix in (_PACKAGES, _ROOT):
        if file.startswith(prefix):
            return file.removeprefix(prefix)
    return ""


def _doing(stack: list[tuple[str, str]]) -> str:
    for place, _ in reversed(stack):
        for prefix, doing in _DOINGS.items():
            if place.startswith(prefix):
                return doing
    return "event loop"


def _layer(stack: list[tuple[str, str]]) -> str:
    for place, _ in stack:
        found = max((prefix for prefix in _LAYERS if _is_in(place, prefix)), key=len, default=None)
        if found is not None:
            return _LAYERS[found]
    return "event loop and drivers' C"


def _is_in(place: str, prefix: str) -> bool:
    return place == prefix or place.startswith(f"{prefix}/") or place == f"{prefix}.py"


def main() -> None:
    """Run the service."""
    service, file = sys.argv[1:3]
    sampler = Sampler(Path(file))
    signal.signal(signal.SIGPROF, sampler.look)
    signal.signal(signal.SIGUSR1, sampler.switch)
    sys.argv = [f"services.{service}"]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
