"""The HTTP/1.1 protocol of every listening port: uvicorn's, with bounds on what arrives and how slowly.

uvicorn's protocol takes any number and size of headers and waits without end for heads, bodies and readers. What is
refused here has cost a few parsed lines: no task, no scope, no route.
"""

import asyncio
import re
from typing import Any

import structlog
from fastapi import Request
from prometheus_client import Counter
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from shared.errors import Problem, Text, TooMany
from shared.http.addresses import address_key
from shared.http.connections import Connections
from shared.http.limits import MAX_PARAMETERS, ServerLimits
from shared.http.problems import problem_response
from shared.ids import new_id

access = structlog.get_logger("access")

REFUSED = Counter(
    "zairyu_http_refused_total", "Requests and connections refused before any route was asked, by reason", ["code"]
)
# RFC 9110 §7.2 and RFC 3986: a name or an address, and perhaps a port.
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
# A chunk of one byte takes six; more than this and 64 KiB beside the body is no body.
_OVERHEAD = 8
_SPARE = 64 * 1024


class HeadersTooLarge(Problem):
    """More headers, or more bytes of them, than are read."""

    status = 431
    code = "headers-too-large"
    title = Text("ヘッダーが大きすぎます", "The request's headers are too large")


class AddressTooLong(Problem):
    """A longer address than is read."""

    status = 414
    code = "address-too-long"
    title = Text("URLが長すぎます", "The address is too long")


class TooSlow(Problem):
    """A head or a body that did not arrive in its time."""

    status = 408
    code = "too-slow"
    title = Text("要求の受信が時間内に完了しませんでした", "The request did not arrive in time")


class TooManyConnections(TooMany):
    """An address, or the whole port, has more connections that wait than it may have."""

    code = "too-many-connections"
    title = Text("接続が多すぎます", "There are too many connections")


class NotHttp(Problem):
    """The received bytes are no HTTP/1.1 request, or an ambiguous one."""

    code = "not-http"
    title = Text("HTTP要求として読み取れません", "This cannot be read as an HTTP request")


class _Stop(Exception):
    """Stops the parser inside one of its callbacks."""


class PortState(ServerState):
    """uvicorn's state of a port, and whether it is about to end."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ending = False


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `limits` and `register` are those of the port that it came in by."""

    server_state: PortState

    def __init__(self, *, limits: ServerLimits, register: Connections, **options: Any) -> None:
        super().__init__(**options)
        self._limits = limits
        self._register = register
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._refusal: Problem | None = None
        self._refused = False
        self._in_head = False
        self._in_body = False
        self._head_bytes = 0
        self._header_bytes = 0
        self._raw_bytes = 0
        self._body_bytes = 0
        self._body_since = 0.0
        self.address = ""
        self.last_received = 0.0

    @property
    def waiting(self) -> bool:
        """Whether it is the caller's turn."""
        if self.pipeline:
            return False
        return self._in_body or self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = address_key(self.client[0] if self.client else None)
        self.last_received = self.loop.time()
        if self._register.is_exempt(self.address):
            self.timeout_keep_alive = self._limits.proxy_idle_seconds
        if not self._register.admit(self):
            self._refuse(TooManyConnections())
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._register.remove(self)
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.last_received = self.loop.time()
        if self._refused:
            self._discard(len(data))
            return
        if self._timer is None and not self._in_body and self.waiting:
            self._wait_for_head()
        if self._in_body:
            self._raw_bytes += len(data)
        super().data_received(data)
        if self._refused:
            return
        if self._in_head:
            # Complete lines were counted one by one; this bounds a line that does not end.
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.header_bytes + self._limits.url_bytes:
                self._refuse(HeadersTooLarge())
        elif self._in_body and self._raw_bytes > _OVERHEAD * self._body_bytes + _SPARE + self._limits.header_bytes:
            self._refuse(NotHttp())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._header_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self._limits.url_bytes:
            self._stop(AddressTooLong())

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_bytes += len(name) + len(value) + 4
        if len(self.headers) >= self._limits.header_count or self._header_bytes > self._limits.header_bytes:
            self._stop(HeadersTooLarge())
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._end_timer()
        hosts = [value for name, value in self.headers if name == b"host"]
        # RFC 9112 §3.2: exactly one, but for HTTP/1.0.
        if len(hosts) > 1 or (not hosts and self.parser.get_http_version() != "1.0"):
            self._stop(NotHttp())
        if hosts and not _HOST.fullmatch(hosts[0]):
            self._stop(NotHttp())
        if not self.url.isascii():
            self._stop(NotHttp())
        if self.url.count(b"&") >= MAX_PARAMETERS:
            self._stop(AddressTooLong(Text("パラメーターが多すぎます", "There are too many parameters")))
        super().on_headers_complete()
        if self.server_state.is_ending:
            self.close_after_answer()
        self._in_body = True
        self._raw_bytes = self._body_bytes = 0
        self._body_since = self.loop.time()
        self._timer = self.loop.call_later(self._limits.body_seconds, self._body_is_late)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        # All of it counts as received before what is beside it does: this part came with the head.
        self._raw_bytes = max(self._raw_bytes, self._body_bytes)
        if self.cycle.response_complete and self._body_bytes > self._limits.discarded_bytes:
            self._stop(TooSlow())
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._end_timer()
        super().on_message_complete()
        if self.cycle.response_complete:
            # Answered before its end, and uvicorn's time for idle connections has been stopped.
            self._wait_for_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body:
            # Answered before its end: the rest is thrown away, in the body's own time and not in that of idle ones.
            self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self.loop.call_later(self._limits.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def send_400_response(self, msg: str) -> None:
        """Refuse the request; uvicorn calls it when the parser stops, also where a callback above stopped it."""
        self._refuse(self._refusal or NotHttp())

    def close_after_answer(self) -> None:
        """Say in the answer that is due that the connection closes with it; nothing where none is due."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def give_way(self) -> None:
        """Close, because another connection needs the place."""
        if self._refused:
            self.transport.abort()
        elif self._in_head or self._in_body:
            self._refuse(TooManyConnections())
        else:
            self.transport.close()

    def _stop(self, problem: Problem) -> None:
        """Stop the parser: what it raises for this error leads to `send_400_response`."""
        self._refusal = problem
        raise _Stop()

    def _wait_for_head(self) -> None:
        self._end_timer()
        self._timer = self.loop.call_later(self._limits.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._timer = None
        if self._head_bytes or self._in_head:
            self._refuse(TooSlow())
        else:
            self.transport.close()

    def _body_is_late(self) -> None:
        now = self.loop.time()
        if self.flow.read_paused:
            # The pause is ours, not the caller's: the time limit begins again.
            self._body_since = now - self._body_bytes / self._limits.body_bytes_per_second
        until = self._body_since + self._limits.body_seconds + self._body_bytes / self._limits.body_bytes_per_second
        if now < until:
            self._timer = self.loop.call_at(until, self._body_is_late)
            return
        self._refuse(TooSlow())

    def _refuse(self, problem: Problem) -> None:
        """Answer with `problem` where no answer has begun, throw away what still arrives, and close."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        REFUSED.labels(problem.code).inc()
        self._stop_timers()
        self._unset_keepalive_if_required()
        access.info("refused", code=problem.code, status=problem.status)
        if self.pipeline or not self._may_answer():
            self.transport.abort()
            return
        if self._in_body:
            # To the application the caller has gone; its later answer is not sent.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._write(problem)
        if isinstance(problem, TooManyConnections):
            self.transport.close()
            return
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(self._limits.lingering_seconds, self.transport.close)

    def _may_answer(self) -> bool:
        """Whether an answer of ours would be the one that the caller waits for now."""
        if self.cycle is None:
            return True
        return not self.cycle.response_started if self._in_body else self.cycle.response_complete

    def _write(self, problem: Problem) -> None:
        known = [(name, value) for name, value in self.headers or [] if name == b"accept-language"]
        scope = {"type": "http", "headers": known[:1], "zairyu.request_id": str(new_id())}
        answer = problem_response(Request(scope), problem)
        answer.headers.update({"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
        answer.headers["X-Request-Id"] = scope["zairyu.request_id"]  # type: ignore[assignment]
        lines = [STATUS_LINE[answer.status_code]]
        for name, value in [*self.server_state.default_headers, *answer.raw_headers]:
            lines += [name, b": ", value, b"\r\n"]
        self.transport.write(b"".join([*lines, b"\r\n", bytes(answer.body)]))

    def _discard(self, count: int) -> None:
        self._raw_bytes += count
        if self._raw_bytes > self._limits.discarded_bytes:
            self.transport.abort()

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stop_timers(self) -> None:
        self._end_timer()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
