"""Many headers, long ones, odd ones: refused at the door or passed on as they are, never an error and never a wait."""

import pytest

from shared.http.limits import ServerLimits
from tests.gateway.conftest import LOGIN, GatewayClient, site
from tests.support.raw import answer_of, connect, request, sent
from tests.support.web import serving

LIMITS = ServerLimits()
EXPOSED = "/api/v1/applications/1/echo"


def many(count: int, path: str = "/api/v1/user-classes") -> bytes:
    lines = "".join(f"X-{number}: {number}\r\n" for number in range(count))
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode()


@pytest.mark.parametrize("path", ["/api/v1/user-classes", "/oauth/token", "/", "/healthz", "/nowhere"])
@pytest.mark.parametrize("count", [LIMITS.header_count, 1000, 100_000])
async def test_more_headers_than_a_browser_sends_are_refused_before_anything_is_done(
    gateway: GatewayClient, path: str, count: int
) -> None:
    """[attacks F1] 100,000 headers held the only thread for minutes."""
    answer = await sent(gateway.url, many(count, path))
    assert (answer.status, answer.code) == (431, "headers-too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert (await gateway.browser.get("/healthz")).status_code == 200


async def test_as_many_headers_as_allowed_are_taken(gateway: GatewayClient) -> None:
    """[attacks F1] The bound itself is taken; Host is one of them."""
    assert (await sent(gateway.url, many(LIMITS.header_count - 1, "/healthz"))).status == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"x" * LIMITS.header_bytes + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X" * LIMITS.header_bytes + b": 1\r\n\r\n",
        # Without an end: the line itself never becomes a header.
        b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"x" * 2_000_000,
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X" * 2_000_000,
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(50)),
    ],
    ids=["value", "name", "value without end", "name without end", "all together"],
)
async def test_more_bytes_of_headers_than_allowed_are_refused(gateway: GatewayClient, head: bytes) -> None:
    """[attacks F1] One header of 1 MB was taken."""
    answer = await sent(gateway.url, head)
    assert (answer.status, answer.code) == (431, "headers-too-large")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/" + "a" * LIMITS.url_bytes, 414),
        ("/?" + "a" * LIMITS.url_bytes, 414),
        ("/?" + "&".join(["a=1"] * 101), 414),
        ("/?" + "&".join(["a=1"] * 100), 200),
    ],
    ids=["path", "query", "parameters", "as many parameters as allowed"],
)
async def test_a_long_address_and_one_of_many_parameters_are_refused(
    gateway: GatewayClient, path: str, status: int
) -> None:
    """[attacks F1] The request line and the number of query parameters are bounded like headers."""
    assert (await sent(gateway.url, request("GET", path))).status == status


async def test_trailers_are_headers_too(gateway: GatewayClient) -> None:
    """[attacks F1] Trailers after a chunked body are counted with the headers before it."""
    trailers = b"".join(b"X-%d: 1\r\n" % number for number in range(1000))
    head = b"POST /session HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    assert (await sent(gateway.url, head + trailers + b"\r\n")).status == 431


async def test_every_service_refuses_them_alike() -> None:
    """[attacks F1] The bound is at the server that all services listen with, and not the gateway's alone."""
    from shared.http import create_app

    async with serving(create_app("t", "1", [])) as url:
        assert (await sent(url, many(1000, "/healthz"))).status == 431
        assert (await sent(url, many(50, "/healthz"))).status == 200


async def test_a_refusal_is_in_the_callers_language(gateway: GatewayClient) -> None:
    """[attacks F1] In that of Accept-Language if it was read before the limit was reached; else in Japanese."""
    head = many(1000).replace(b"Host: a\r\n", b"Host: a\r\nAccept-Language: en\r\n")
    assert (await sent(gateway.url, head)).json()["title"] == "The request's headers are too large"
    assert (await sent(gateway.url, many(1000))).json()["title"] == "ヘッダーが大きすぎます"


@pytest.mark.parametrize("value", ["東京".encode(), b"M\xfcnchen", b"\x80\xff", "Яндекс".encode("koi8-r")])
async def test_bytes_above_127_are_passed_on_and_break_nothing(gateway: GatewayClient, value: bytes) -> None:
    """[attacks F13, faults 1] UTF-8 goes on byte for byte, anything else as the text that Latin-1 makes of it."""
    for name in ("User-Agent", "Accept", "Accept-Language", "If-Match", "Idempotency-Key", "X-City", "Cookie"):
        answer = await sent(gateway.url, request("GET", EXPOSED, {name: value}))
        assert answer.status == 200, (name, answer.body)
    seen = (await sent(gateway.url, request("GET", EXPOSED, {"User-Agent": value}))).json()["headers"]["user-agent"]
    reached = seen.encode("latin-1")
    try:
        value.decode()
    except UnicodeDecodeError:
        assert reached.decode() == value.decode("latin-1")
    else:
        assert reached == value


@pytest.mark.parametrize("name", ["User-Agent", "Accept-Language", "X-City", "Referer"])
async def test_signing_in_works_for_a_browser_with_a_byte_above_127(gateway: GatewayClient, name: str) -> None:
    """[attacks F13, faults 1] `POST /session` answered 500, so that such a user could not sign in."""
    import json

    headers = {name: "東京".encode(), "Origin": gateway.url.encode(), "Content-Type": b"application/json"}
    answer = await sent(gateway.url, request("POST", "/session", headers, json.dumps(LOGIN).encode()))
    assert answer.status == 201, answer.body


async def test_headers_that_no_service_knows_are_not_passed_on(gateway: GatewayClient) -> None:
    """[attacks F1] A list of what is passed on, and not one of what is not."""
    sent_along = {f"X-Made-Up-{number}": b"1" for number in range(20)} | {"X-Draft-Key": b"k"}
    seen = (await sent(gateway.url, request("GET", EXPOSED, sent_along))).json()["headers"]
    assert [name for name in seen if name.startswith("x-made-up")] == []
    assert seen["x-draft-key"] == "k"


@pytest.mark.parametrize(
    "hosts",
    [[], [b"a", b"b"], [b"a", b"a"], [b"["], [b"a b"], [b"a/b"], ["東京".encode()], [b""], [b"a@b"]],
)
async def test_a_missing_doubled_or_impossible_host_is_refused(gateway: GatewayClient, hosts: list[bytes]) -> None:
    """[attacks F13, attacks F18] RFC 9112 §3.2 asks for exactly one; a host with an odd byte answered 500."""
    lines = b"".join(b"Host: " + host + b"\r\n" for host in hosts)
    answer = await sent(gateway.url, b"GET / HTTP/1.1\r\n" + lines + b"\r\n")
    assert (answer.status, answer.code) == (400, "not-http")


async def test_what_is_no_http_is_answered_with_a_problem(gateway: GatewayClient) -> None:
    """[attacks F1] The parser's own refusal looks like every other."""
    tls, version, path = b"\x16\x03\x01\x02\x00\x01\n", b"GET / HTTP/9.9\r\n", b"GET /\xe6 HTTP/1.1\r\nHost: t\r\n"
    for nonsense in (tls + b"\r\n", version + b"\r\n", path + b"\r\n"):
        answer = await sent(gateway.url, nonsense)
        assert (answer.status, answer.code) == (400, "not-http")


async def test_the_connection_is_closed_after_a_refusal() -> None:
    """[attacks F1] Late input is discarded for a moment, so that the refusal can be read, and no longer."""
    async with site(ServerLimits(lingering_seconds=0.05)) as gateway:
        reader, writer = await connect(gateway.url)
        writer.write(many(1000))
        assert (await answer_of(reader)).status == 431
        assert await reader.read() == b""
        writer.close()
