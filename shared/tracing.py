"""Traces: one span per request, event sent, event handled and mail, W3C context carried as plain `traceparent` texts.

Without an OTLP address nothing is recorded or sent, but trace ids are still made and passed on, so that the log
lines of one request can be found across services.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C = TraceContextTextMapPropagator()
# Seconds after which a step is linked to what led to it, and not part of its trace: tools show minutes, not days.
_LONG = 300.0
_recording = False


def configure(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> TracerProvider | None:
    """Send spans of `service` to `endpoint` (base URL of an OTLP/HTTP collector); None where there is none.

    Called once at start. Call `.shutdown()` on the answer at the end: it sends what is still waiting.
    """
    if exporter is None:
        if endpoint is None:
            return None
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    global _recording
    _recording = True
    provider = TracerProvider(resource=Resource.create({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def span(
    name: str,
    *,
    traceparent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[Span]:
    """Open a span: a child of `traceparent` where given, else of the current span, else the root of a new trace.

    Exceptions are not recorded in it: their messages may hold personal data. The log has them, redacted.
    """
    parent = extract(traceparent) if traceparent is not None else otel_context.get_current()
    started = trace.get_tracer("zairyu").start_span(
        name, context=parent, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    )
    if not started.get_span_context().is_valid:
        started = NonRecordingSpan(_fresh_context())
    token = otel_context.attach(trace.set_span_in_context(started, parent))
    try:
        yield started
    finally:
        otel_context.detach(token)
        started.end()


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of something that a request began: `waited` seconds after `traceparent` was written down.

    With `from_then` its span shows that wait too.
    """

    name: str
    kind: SpanKind
    traceparent: str | None
    waited: float
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    from_then: bool = False


@contextmanager
def follow(steps: Iterable[Step]) -> Iterator[Sequence[Span]]:
    """Open a span for each of `steps`, which are taken together in the block.

    Without a collector it does nothing: `steps` is not even looked at. What its request was not chosen to record has no
    span either. The span of an error has the error's type alone.
    """
    if not _recording:
        yield ()
        return
    spans = [_begin(step) for step in steps if not _left_out(step.traceparent)]
    try:
        yield spans
    except BaseException as error:
        for each in spans:
            each.set_status(StatusCode.ERROR, type(error).__name__)
        raise
    finally:
        for each in spans:
            each.end()


def _left_out(traceparent: str | None) -> bool:
    # The last bit of a W3C traceparent: asked here, as it is of most steps where a site records few.
    return traceparent is not None and traceparent.endswith("-00")


def _begin(step: Step) -> Span:
    before = extract(step.traceparent)
    led_here = trace.get_current_span(before).get_span_context()
    late = step.waited > _LONG
    return trace.get_tracer("zairyu").start_span(
        step.name,
        context=Context() if late else before,
        kind=step.kind,
        attributes=step.attributes,
        links=[Link(led_here)] if late and led_here.is_valid else None,
        start_time=time.time_ns() - int(step.waited * 1e9) if step.from_then and not late else None,
        record_exception=False,
        set_status_on_exception=False,
    )


def inject() -> str | None:
    """The current span as a `traceparent` text for an HTTP header or a message; None outside of any span."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def extract(traceparent: str | None) -> Context:
    """The context that `traceparent` describes; an empty one where it is missing or malformed."""
    return _W3C.extract({"traceparent": traceparent} if traceparent else {}, Context())


def current_trace_id() -> str | None:
    """The current trace id as 32 hex digits; None outside of any span."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _fresh_context() -> SpanContext:
    return SpanContext(
        trace_id=secrets.randbits(128) or 1,
        span_id=secrets.randbits(64) or 1,
        is_remote=False,
        trace_flags=TraceFlags(TraceFlags.DEFAULT),
    )
