"""`/api` passes on what is listed, as it is, and nothing that could mislead a service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from services.gateway.edge.exposure import operations_behind, service_behind
from services.gateway.edge.upstream import ServiceDown, ServiceSlow, Upstreams
from services.gateway.pages.kit.undelivered import undelivered_address
from tests.gateway.conftest import GatewayClient, site
from tests.support.waiting import eventually


async def test_a_request_reaches_the_service_behind_its_path_with_the_sessions_token(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in()
    answer = await gateway.browser.post("/api/v1/applications?x=1&y=%E5%9C%A8", json={"a": 1}, headers=headers)
    seen = answer.json()
    assert (seen["service"], seen["path"], seen["query"]) == ("application", "/v1/applications", "x=1&y=%E5%9C%A8")
    actor = await gateway.app.state.verifier.verify(seen["headers"]["authorization"].removeprefix("Bearer "))
    assert [actor] == list(gateway.registration.sessions.values())
    other = (await gateway.browser.put("/api/v1/documents/7", headers=headers)).json()
    assert (other["service"], other["method"]) == ("document", "PUT")


async def test_without_a_session_a_request_is_passed_on_without_an_identity(gateway: GatewayClient) -> None:
    answer = await gateway.browser.post("/api/v1/applications", json={})
    assert "authorization" not in answer.json()["headers"]


async def test_what_could_mislead_a_service_is_dropped_or_rewritten(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in() | {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-User": "admin",
        "Forwarded": "for=203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "X-Request-Id": "invented-0001",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "baggage": "role=admin",
        "Connection": "X-Secret, keep-alive",
        "X-Secret": "1",
        "TE": "trailers",
        "Authorization": "Basic YTpi",
        "Accept-Language": "en",
        "Idempotency-Key": "k-1",
        "If-Match": '"7"',
    }
    answer = await gateway.browser.post("/api/v1/applications", headers=headers)
    seen = answer.json()["headers"]
    dropped = {"cookie", "x-csrf-token", "x-forwarded-user", "forwarded", "x-real-ip", "baggage", "x-secret", "te"}
    assert dropped.isdisjoint(seen)
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-request-id"] == answer.headers["x-request-id"] != "invented-0001"
    assert "0af7651916cd43dd8448eb211c80319c" not in seen["traceparent"]
    assert seen["authorization"].startswith("Bearer ey")
    kept = {name: seen[name] for name in ("accept-language", "idempotency-key", "if-match")}
    assert kept == {"accept-language": "en", "idempotency-key": "k-1", "if-match": '"7"'}


async def test_answers_come_back_with_their_headers_and_outside_paths_but_without_cookies(
    gateway: GatewayClient,
) -> None:
    answer = await gateway.browser.post("/api/v1/applications")
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == "/api/v1/applications/1"
    assert "set-cookie" not in answer.headers
    assert len(answer.headers.get_list("x-request-id")) == len(answer.headers.get_list("date")) == 1


async def test_large_bodies_stream_through_unchanged_both_ways(gateway: GatewayClient) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 100_000):
            yield content[start : start + 100_000]

    for body in (content, chunks()):
        seen = (await gateway.browser.post("/api/v1/documents", content=body)).json()
        assert (seen["size"], seen["digest"]) == (len(content), sha256(content).hexdigest())
    down = await gateway.browser.get("/api/v1/documents/large")
    assert down.content == b"".join(bytes([n]) * 65_536 for n in range(64))


async def test_an_upload_over_the_limit_is_refused_with_and_without_a_declared_length() -> None:
    async def chunks(size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, 10_000):
            yield b"x" * min(10_000, size - start)

    async with site(max_upload_bytes=200_000) as gateway:
        assert (await gateway.browser.post("/api/v1/documents", content=b"x" * 200_000)).json()["size"] == 200_000
        assert (await gateway.browser.post("/api/v1/documents", content=chunks(200_000))).json()["size"] == 200_000
        for content in (b"x" * 200_001, chunks(200_001)):
            answer = await gateway.browser.post("/api/v1/documents", content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_service_that_is_down_is_answered_as_503(gateway: GatewayClient) -> None:
    answer = await gateway.browser.get("/api/v1/cases", headers={"Accept-Language": "en"})
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (body["code"], body["title"]) == ("service-down", "A service cannot be reached")
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("method", "options", "is_repeated"),
    [
        ("POST", {"headers": {"Idempotency-Key": "k"}}, True),
        ("POST", {"harmless": True}, True),
        ("GET", {}, True),
        ("POST", {}, False),
        ("PATCH", {}, False),
    ],
)
async def test_a_request_goes_to_the_next_process_where_its_connection_ended(
    method: str, options: Any, is_repeated: bool
) -> None:
    kept = 4
    connections = 0
    all_there = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        # The first process answers once over each connection, and ends when it is asked again.
        is_of_the_first = connections <= kept
        if connections == kept:
            all_there.set()
        await all_there.wait()
        with suppress(asyncio.IncompleteReadError):
            for _ in range(1 if is_of_the_first else 9):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with Upstreams({"review": url}, 5) as upstreams:
            for answer in await asyncio.gather(*(upstreams.call("review", "GET", "/") for _ in range(kept))):
                assert answer.is_success
            if is_repeated:
                assert (await upstreams.call("review", method, "/", **options)).is_success
            else:
                with pytest.raises(ServiceDown):
                    await upstreams.call("review", method, "/", **options)
            assert connections == kept + is_repeated


async def test_a_service_that_is_slow_is_answered_as_504_and_the_connection_is_given_back() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, site(review_url=url, upstream_seconds=0.2) as gateway:
        answer = await gateway.browser.get("/api/v1/cases")
        assert (answer.status_code, answer.json()["code"]) == (504, "service-slow")
        assert gateway.app.state.gateway.upstreams.in_use("review") == 0


@pytest.mark.parametrize("away", [ServiceDown, ServiceSlow])
async def test_a_page_does_without_what_a_service_that_is_away_or_slow_would_add(away: type[ServiceDown]) -> None:
    async def call(*_: str) -> None:
        raise away()

    visitor: Any = SimpleNamespace(service=lambda _: SimpleNamespace(call=call))
    assert await undelivered_address(visitor) is None


HIDDEN = [
    "/v1/sessions",
    "/v1/sessions/token",
    "/v1/sessionsx",
    "/v1/applicationsx",
    "/metrics",
    "/readyz",
    "/healthz",
    "/openapi.json",
    "/.well-known/jwks.json",
    "/v1",
    "/",
    "/v1/application/operations/dead-letters",
    "/v1/applications/../sessions/token",
    "/v1/applications/./x",
    "/v1/applications/%2e%2e/sessions",
    "/v1/applications/..%2fsessions",
    "/v1/applications%2f..%2f..%2fmetrics",
    "/v1/applications/%252e%252e/sessions",
    "/v1/applications//x",
    "//v1/applications",
    "/v1/applications\\..\\sessions",
    "/v1/applications/%00",
    "/v2/applications",
]


@pytest.mark.parametrize("path", HIDDEN)
async def test_what_is_not_listed_is_not_there(path: str) -> None:
    assert service_behind(path) is None


async def test_the_gateway_answers_404_for_what_is_hidden_however_it_is_spelled(gateway: GatewayClient) -> None:
    port = int(gateway.url.rsplit(":", 1)[1])
    for path in HIDDEN:
        # By hand: a client would tidy the path up before it sends it.
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /api{path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        assert b" 404 " in head or b" 400 " in head, path


def test_operator_routes_are_no_routes_of_the_public() -> None:
    path = "/v1/review/operations/dead-letters"
    assert (service_behind(path), operations_behind(path)) == (None, "review")
    assert operations_behind("/v1/elsewhere/operations/x") is None
    assert operations_behind("/v1/cases") is None


@pytest.mark.parametrize("path", ["/v1/cases/018f-x", "/v1/password-links/abc_DEF-1", "/v1/documents/%E5%9C%A8.pdf"])
def test_what_is_listed_is_there(path: str) -> None:
    assert service_behind(path)


async def test_callers_who_hang_up_leave_no_connection_to_the_service_behind(gateway: GatewayClient) -> None:
    port = int(gateway.url.rsplit(":", 1)[1])
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /api/v1/documents HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\nabc")
        await writer.drain()
        writer.transport.abort()
    await eventually(lambda: gateway.app.state.gateway.upstreams.in_use("document") == 0)
    assert (await gateway.browser.get("/api/v1/documents/7")).status_code == 200


async def test_a_service_that_breaks_off_is_not_taken_for_complete() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(half, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, site(review_url=url) as gateway:
        with pytest.raises(httpx.RemoteProtocolError):
            await gateway.browser.get("/api/v1/cases")
