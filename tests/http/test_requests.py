"""The context of a request: its id, trace, log line, metrics and limits."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request
from prometheus_client import REGISTRY

from shared import logging, tracing
from shared.auth import public
from shared.http import create_app, request_id
from tests.support.web import serving

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def build(**options: Any) -> FastAPI:
    inner = APIRouter(prefix="/folders")

    @inner.get("/{folder_id}")
    async def folder(folder_id: str, request: Request) -> dict[str, Any]:
        structlog.get_logger("test").info("folder.read", applicant_name="Taro", folder=1)
        return {"id": request_id(request), "traceparent": tracing.inject()}

    @inner.get("/{folder_id}/bug")
    async def bug(folder_id: str) -> None:
        raise RuntimeError("taro@example.com is wrong")

    @inner.post("/{folder_id}")
    async def write(folder_id: str, request: Request) -> int:
        return len(await request.body())

    @inner.post("/{folder_id}/json")
    async def write_json(folder_id: str, body: dict[str, Any]) -> int:
        return len(body)

    outer = APIRouter(prefix="/v1", dependencies=[public])
    outer.include_router(inner)
    return create_app("t", "1", [outer], max_body=1000, larger_bodies={"/v1/folders/large": 5000}, **options)


@pytest.fixture
def lines() -> Any:
    stream = io.StringIO()
    logging.configure("test", "INFO", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://t") as made:
        yield made


async def test_a_callers_request_id_is_kept_and_answered(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/folders/7", headers={"X-Request-Id": "demo-0001.a_b"})
    assert answer.headers["x-request-id"] == answer.json()["id"] == "demo-0001.a_b"


@pytest.mark.parametrize("bad", ["short", "x" * 65, "a b c d e f g", "<script>alert", "taro@example.com"])
async def test_a_request_id_that_could_carry_something_else_is_replaced(client: httpx.AsyncClient, bad: str) -> None:
    answer = await client.get("/v1/folders/7", headers={"X-Request-Id": bad})
    assert answer.headers["x-request-id"] == answer.json()["id"] != bad


async def test_at_the_edge_neither_request_id_nor_trace_is_believed() -> None:
    headers = {"X-Request-Id": "demo-0001", "traceparent": TRACE}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build(edge=True)), base_url="http://t") as client:
        answer = await client.get("/v1/folders/7", headers=headers)
    assert answer.headers["x-request-id"] != "demo-0001"
    assert TRACE.split("-")[1] not in answer.json()["traceparent"]


async def test_a_trace_goes_on_and_begins_where_there_is_none(client: httpx.AsyncClient) -> None:
    carried = (await client.get("/v1/folders/7", headers={"traceparent": TRACE})).json()["traceparent"]
    assert carried.split("-")[1] == TRACE.split("-")[1]
    fresh = [(await client.get("/v1/folders/7")).json()["traceparent"].split("-")[1] for _ in range(2)]
    assert len({*fresh, TRACE.split("-")[1]}) == 3


async def test_the_log_joins_lines_by_request_and_has_neither_path_nor_query_nor_person(
    client: httpx.AsyncClient, lines: Any
) -> None:
    headers = {"X-Request-Id": "demo-0001", "traceparent": TRACE}
    await client.get("/v1/folders/AB12345678CD?email=taro@example.com", headers=headers)
    own, access = lines()
    assert (own["event"], own["applicant_name"], own["folder"]) == ("folder.read", "[redacted]", 1)
    assert (access["method"], access["route"], access["status"]) == ("GET", "/v1/folders/{folder_id}", 200)
    assert {line["request_id"] for line in (own, access)} == {"demo-0001"}
    assert {line["trace_id"] for line in (own, access)} == {TRACE.split("-")[1]}
    text = json.dumps([own, access])
    assert not [word for word in ("AB12345678CD", "taro", "Taro", "email") if word in text]


async def test_a_defect_is_logged_with_its_stack_under_the_request_id_the_caller_got(
    client: httpx.AsyncClient, lines: Any
) -> None:
    answer = await client.get("/v1/folders/7/bug")
    line = next(line for line in lines() if line["level"] == "error")
    assert line["request_id"] == answer.json()["request_id"]
    assert line["exception"][0]["type"] == "RuntimeError"
    assert line["exception"][0]["frames"][-1].endswith(" bug")
    assert "taro" not in json.dumps(line)


async def test_what_one_request_bound_is_not_on_the_next_ones_lines(client: httpx.AsyncClient, lines: Any) -> None:
    structlog.contextvars.bind_contextvars(event_id="left-over")
    await client.get("/v1/folders/7")
    assert "event_id" not in lines()[-1]


async def test_requests_are_counted_by_route_and_not_by_path(client: httpx.AsyncClient) -> None:
    def counted(route: str, status: str, method: str = "GET") -> float:
        labels = {"method": method, "route": route, "status": status}
        return REGISTRY.get_sample_value("zairyu_http_request_seconds_count", labels) or 0

    cells = [("/v1/folders/{folder_id}", "200", "GET"), ("unmatched", "404", "GET"), ("unmatched", "404", "OTHER")]
    before = [counted(*cell) for cell in cells]
    for number in range(5):
        await client.get(f"/v1/folders/{number}")
        await client.get(f"/{number}")
        await client.request(f"INVENTED{number}", "/")
    assert [counted(*cell) for cell in cells] == [value + 5 for value in before]
    assert "/v1/folders/3" not in (await client.get("/metrics")).text
    assert REGISTRY.get_sample_value("zairyu_http_requests_in_progress") == 0


async def test_every_answer_tells_browsers_to_do_no_more_than_show_it(client: httpx.AsyncClient) -> None:
    for path in ("/v1/folders/7", "/v1/folders/7/bug", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in headers


@pytest.mark.parametrize(("path", "limit"), [("/v1/folders/7", 1000), ("/v1/folders/large", 5000)])
async def test_a_body_up_to_the_limit_is_taken_and_one_byte_more_is_refused(
    client: httpx.AsyncClient, path: str, limit: int
) -> None:
    async def chunks(size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, 300):
            yield b"x" * min(300, size - start)

    assert (await client.post(path, content=b"x" * limit)).json() == limit
    assert (await client.post(path, content=chunks(limit))).json() == limit
    for content in (b"x" * (limit + 1), chunks(limit + 1)):
        answer = await client.post(path, content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_json_body_that_is_too_large_is_refused_as_such(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"a": "'
        for _ in range(100):
            yield b"x" * 100

    answer = await client.post("/v1/folders/7/json", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_declared_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    async with serving(build()) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        writer.write(b"POST /v1/folders/7 HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000000\r\n\r\n")
        assert b"413" in await asyncio.wait_for(reader.readline(), 10)
        writer.close()
