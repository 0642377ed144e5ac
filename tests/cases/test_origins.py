"""A change is taken from pages of configured origins alone, whatever host the request names."""

import pytest

from services.gateway.settings import Settings
from tests.gateway.conftest import GatewayClient, site
from tests.support.raw import request, sent


async def attempt(gateway: GatewayClient, origin: str, host: str) -> int:
    headers = {
        "Cookie": f"zairyu_session={gateway.browser.cookies['zairyu_session']}".encode(),
        "X-CSRF-Token": (await gateway.browser.get("/session")).json()["csrf_token"].encode(),
        "Origin": origin.encode(),
    }
    raw = request("POST", "/api/v1/applications", headers).replace(b"Host: t", b"Host: " + host.encode())
    return (await sent(gateway.url, raw)).status


async def test_an_origin_that_only_fits_the_host_that_was_sent_is_refused(gateway: GatewayClient) -> None:
    """[attacks F18] Host is whatever was sent, so it says nothing about whose page this is."""
    await gateway.sign_in()
    assert await attempt(gateway, "http://evil.test", "evil.test") == 403
    assert await attempt(gateway, gateway.url, "evil.test") == 201, "the origin is ours, whatever the host"


async def test_the_scheme_and_the_port_belong_to_the_origin(gateway: GatewayClient) -> None:
    """[attacks F18] `https` is another origin than `http`, and so is another port."""
    await gateway.sign_in()
    host = gateway.url.removeprefix("http://")
    assert await attempt(gateway, f"https://{host}", host) == 403
    assert await attempt(gateway, "http://127.0.0.1", "127.0.0.1") == 403
    assert await attempt(gateway, gateway.url, host) == 201


async def test_a_doubled_host_or_origin_is_refused(gateway: GatewayClient) -> None:
    """[attacks F18] Two hosts are two readings of one request."""
    await gateway.sign_in()
    double = b"POST /session HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n"
    assert (await sent(gateway.url, double)).status == 400
    headers = {"X-CSRF-Token": "x"} | {"Cookie": f"zairyu_session={gateway.browser.cookies['zairyu_session']}"}
    raw = request("POST", "/api/v1/applications", {name: value.encode() for name, value in headers.items()})
    both = raw.replace(b"\r\n\r\n", f"\r\nOrigin: {gateway.url}\r\nOrigin: http://evil.test\r\n\r\n".encode())
    assert (await sent(gateway.url, both)).status == 403


async def test_behind_tls_the_public_address_is_the_origin() -> None:
    """[attacks F18] The gateway itself hears plain HTTP there; what counts is what users' browsers say."""
    async with site(public_url="https://zairyu.example/") as gateway:
        signed = await gateway.browser.post(
            "/session",
            json={"login_id": "TYO-000001", "password": "correct horse battery staple"},
            headers={"Origin": "https://zairyu.example"},
        )
        assert signed.status_code == 201
        assert await attempt(gateway, gateway.url, gateway.url.removeprefix("http://")) == 403


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://zairyu.example", "https://zairyu.example"),
        ("https://Zairyu.Example:443/app", "https://zairyu.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_origins_are_written_as_browsers_send_them(url: str, origin: str) -> None:
    """[attacks F18] Lower case, and without the port that the scheme has anyway."""
    assert Settings(public_url=url, allowed_origins=" https://A.test/ ,").origins == {origin, "https://a.test"}
