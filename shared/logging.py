"""Logs: one JSON object a line, with the ids that join lines together and without personal data.

Example::

    log = structlog.get_logger(__name__)
    log.info("relay.stopped", rows=12)

`structlog.contextvars.bind_contextvars(...)` adds to every line of a request or message: `request_id`, `trace_id`,
`event_id`. Keys that name personal data or secrets are redacted, wherever they are nested.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.redaction import is_sensitive, redact, redact_text
from shared.repeats import RepeatFilter

# The structure of a line: these keys are set by code, never by data.
_OWN_KEYS = frozenset({"event", "level", "logger", "time", "service", "exception", "stack"})
# Their messages carry row values, SQL parameters or input: only their type and code are logged.
_TALKATIVE = ("sqlalchemy", "asyncpg", "pydantic", "pydantic_core", "fastapi")
_MESSAGE_LIMIT = 500


def configure(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Route structlog and the standard library's logging through one JSON formatter. Called once at start."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _service(service),
        _exceptions,
        _redaction,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            keep_exc_info=False,
        )
    )
    handler.addFilter(RepeatFilter("aiokafka"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "aiokafka"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # uvicorn's access log has raw paths and queries; ours has the route's template.
    logging.getLogger("uvicorn.access").disabled = True
    # httpx logs whole URLs, which may carry one-time links.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def describe(error: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes as data: type, what may be said of it, and where it happened (no local values)."""
    chain: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 8:
        chain.append(
            {"type": _qualified(type(current)), "message": _message(current), "frames": _frames(current.__traceback__)}
        )
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


def _service(service: str) -> Processor:
    def add(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add


def _exceptions(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        event["exception"] = describe(info)
    return event


def _redaction(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key == "event" and isinstance(value, str):
            event[key] = redact_text(value)
        elif key not in _OWN_KEYS and not key.startswith("_"):
            event[key] = "[redacted]" if is_sensitive(key) and value is not None else redact(value)
    return event


def _qualified(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    if any(kind.__module__.split(".")[0] in _TALKATIVE for kind in type(error).__mro__):
        code = getattr(error, "sqlstate", None) or getattr(error, "code", None) or "no code"
        constraint = getattr(error, "constraint_name", None)
        return f"{code}, constraint {constraint}" if constraint else str(code)
    return redact_text(str(error))[:_MESSAGE_LIMIT]


def _frames(tb: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(tb)[-25:]]
