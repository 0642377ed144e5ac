"""Spans carry the route and the status, and no persons; without a collector only ids travel."""

import subprocess
import sys

import pytest

from shared import tracing

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

# In a process of its own: OpenTelemetry's provider is one per process and cannot be taken back.
EXPORTED = """
import asyncio, httpx
from fastapi import APIRouter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from shared import tracing
from shared.auth import public
from shared.http import create_app

exporter = InMemorySpanExporter()
provider = tracing.configure("test", None, exporter)
router = APIRouter(dependencies=[public])

@router.get("/v1/people/{person}")
async def read(person: str):
    with tracing.span("work", attributes={"rows": 1}):
        if person == "Bug":
            raise RuntimeError("Tanaka is wrong")
    return {}

async def main():
    app = create_app("t", "1", [router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        headers = {"traceparent": "TRACE"}
        await client.get("/v1/people/Tanaka?email=tanaka@example.com", headers=headers)
        await client.get("/v1/people/Bug")

asyncio.run(main())
provider.force_flush()
spans = exporter.get_finished_spans()
exported = "".join(span.to_json() for span in spans)
assert "anaka" not in exported and "example.com" not in exported, exported
work, server, _, failed = spans
assert (server.name, work.name) == ("GET /v1/people/{person}", "work")
assert dict(server.attributes) == {"http.route": "/v1/people/{person}", "http.response.status_code": 200}
assert failed.attributes["http.response.status_code"] == 500
assert work.parent.span_id == server.context.span_id
assert f"{server.context.trace_id:032x}" == "TRACE".split("-")[1] == f"{server.parent.trace_id:032x}"
print("ok")
""".replace("TRACE", TRACE)


@pytest.mark.server
def test_exported_spans_tell_routes_and_statuses_and_no_persons() -> None:
    ran = subprocess.run([sys.executable, "-c", EXPORTED], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip().endswith("ok"), ran.stderr


def test_a_trace_travels_as_a_text_through_messages() -> None:
    assert tracing.inject() is None
    with tracing.span("outer", traceparent=TRACE):
        carried = tracing.inject()
    assert carried is not None
    with tracing.span("consumer", traceparent=carried):
        assert tracing.current_trace_id() == TRACE.split("-")[1]
    assert tracing.current_trace_id() is None


@pytest.mark.parametrize("bad", [None, "", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_without_a_usable_parent_a_new_trace_begins(bad: str | None) -> None:
    ids = []
    for _ in range(2):
        with tracing.span("x", traceparent=bad):
            ids.append(tracing.current_trace_id())
    assert None not in ids
    assert ids[0] != ids[1]


def test_without_a_collector_nothing_is_set_up() -> None:
    assert tracing.configure("test", None) is None


FOLLOWED = """
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from shared import tracing

exporter = InMemorySpanExporter()
provider = tracing.configure("test", None, exporter)
def step(name, waited, **more):
    return tracing.Step(name, SpanKind.CONSUMER, "TRACE", waited, **more)
try:
    with tracing.follow([step("soon", 2.0, from_then=True), step("late", 301.0)]) as spans:
        assert len(spans) == 2
        raise ValueError("Tanaka is wrong")
except ValueError:
    pass
left_out = tracing.Step("left out", SpanKind.CONSUMER, "TRACE"[:-2] + "00", 2.0)
with tracing.follow([left_out]) as spans:
    assert spans == []
provider.force_flush()
soon, late = exporter.get_finished_spans()
assert "anaka" not in soon.to_json() + late.to_json()
assert soon.status.description == "ValueError"
assert f"{soon.context.trace_id:032x}" == "TRACE".split("-")[1]
assert soon.end_time - soon.start_time >= 2_000_000_000
assert late.parent is None and late.context.trace_id != soon.context.trace_id
(link,) = late.links
assert link.context.trace_id == soon.context.trace_id
print("ok")
""".replace("TRACE", TRACE)


@pytest.mark.server
def test_what_follows_soon_is_part_of_the_trace_and_what_follows_late_is_linked() -> None:
    ran = subprocess.run([sys.executable, "-c", FOLLOWED], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip().endswith("ok"), ran.stderr


def test_without_a_collector_nobody_looks_at_the_steps() -> None:
    with tracing.follow(pytest.fail("asked") for _ in "a") as spans:
        assert spans == ()
