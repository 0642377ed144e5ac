"""Traces: one span per request or message, W3C context carried as plain `traceparent` texts.

Without an OTLP address nothing is recorded or sent, but trace ids are still made and passed on, so that the log
lines of one request can be found across services.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C = TraceContextTextMapPropagator()


def configure(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> TracerProvider | None:
    """Send spans of `service` to `endpoint` (base URL of an OTLP/HTTP collector); None where there is none.

    Called once at start. Call `.shutdown()` on the answer at the end: it sends what is still waiting.
    """
    if exporter is None:
        if endpoint is None:
            return None
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
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
