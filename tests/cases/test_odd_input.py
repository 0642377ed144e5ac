"""No header, parameter, form or text, however odd, ends in an error of ours."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from fastapi.routing import APIRoute

from shared.http.json_text import json_problem
from tests.gateway.conftest import LOGIN, GatewayClient, site
from tests.support.odd import METHODS, Odd, failures, odd_requests, through
from tests.support.raw import request, sent

_PLENTY: dict[str, Any] = dict.fromkeys(
    ("requests_per_minute", "session_requests_per_minute", "sign_ins_per_minute"), 10**9
)


@pytest.mark.server
@pytest.mark.parametrize("signed_in", [False, True])
async def test_nothing_odd_ends_in_an_error_at_the_gateways_own_interface(signed_in: bool) -> None:
    """[attacks F13, faults 1] Every odd kind to every route, with a session and without one."""
    async with site(**_PLENTY) as gateway:
        more = {"Origin": gateway.url}
        if signed_in:
            more |= await gateway.sign_in()
        document = gateway.app.openapi()
        found = [
            (odd.why, odd.method, odd.path, status)
            async for odd, status in failures(
                _some(odd_requests(document), 2, from_=signed_in), through(gateway.browser, more)
            )
        ]
        assert found == []


@pytest.mark.server
async def test_nothing_odd_ends_in_an_error_at_a_page_or_a_path_that_is_passed_on() -> None:
    """[attacks F13, faults 1] The routes that no document lists: pages, forms, and `/api`."""
    async with site(**_PLENTY, review_url="http://127.0.0.1:1") as gateway:
        routes = [route for route in gateway.app.routes if isinstance(route, APIRoute)]
        # The double of the application service answers no question about a proof: tests/fuzz asks the real one.
        routes = [route for route in routes if not route.path.startswith("/verify/")]
        paths: dict[str, dict[str, object]] = {}
        for route in routes:
            path = route.path.replace(":path}", "}").replace("/api/{path}", "/api/v1/applications/1")
            for method in route.methods or ():
                if method.lower() in METHODS:
                    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
                    item = {"parameters": [{"name": name, "in": "path"} for name in names]}
                    paths.setdefault(path, {})[method.lower()] = item
        assert len(paths) > 50, "pages are among them"
        send = through(gateway.browser, {"Origin": gateway.url, "Accept": "text/html"})
        # Paths of services that do not run here; they have tests of their own.
        down = {
            "/oauth",
            "/.well-known",
            "/times",
            "/unsubscribe",
            "/payments/callback",
            "/mail-reports",
            "/mail-address",
        }
        found = [
            (odd.why, odd.method, odd.path, status)
            async for odd, status in failures(_some(odd_requests({"paths": paths}), 9), send)
            if status != 503 or not any(odd.path.startswith(path) for path in down)
        ]
        assert found == []


def _some(requests: Iterator[Odd], every: int, *, from_: int = 0) -> Iterator[Odd]:
    """One of each so many: routes share what reads a request, and each kind meets some of them."""
    return islice(requests, from_, None, every)


SURROGATES = [
    ("/session", '{"login_id": "TYO-000001", "password": "\\ud800"}', "/password"),
    ("/session", '{"login_id": "\\udfff", "password": "x"}', "/login_id"),
    ("/session/second-factor", '{"challenge": "\\ud800", "code": "123456"}', "/challenge"),
    ("/session/passkey", '{"credential": {"id": "\\ud800"}}', "/credential/id"),
    ("/session/passkey", '{"credential": {"\\ud800": 1}}', "/credential"),
    ("/session/step-up", '{"passkey": {"a": ["\\ud800"]}}', "/passkey/a/0"),
    ("/session/passkey", '{"credential": {"id": 1e400}}', "/credential/id"),
    ("/api/v1/applications", '{"form": {"name": "\\ud800"}}', "/form/name"),
]


@pytest.mark.parametrize(("path", "body", "pointer"), SURROGATES)
async def test_half_a_surrogate_pair_is_refused_at_its_field(
    gateway: GatewayClient, path: str, body: str, pointer: str
) -> None:
    """[attacks F13] `"\\ud800"` as password, challenge or in a passkey was 500."""
    headers = {"Content-Type": b"application/json", "Origin": gateway.url.encode(), "Accept-Language": b"en"}
    answer = await sent(gateway.url, request("POST", path, headers, body.encode()))
    assert answer.status == 422, answer.body
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert error["code"] in ("bad-text", "too-large")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (rb'{"a": "\ud83d\ude00 \\ud800"}', None),
        (rb'{"a": "Infinity and NaN, 1e100"}', None),
        (b'{"a": 1e100}', None),
        (b"NaN", "not-json"),
        (b'{"a": -Infinity}', "not-json"),
        (b'{"a": 1e999}', "too-large"),
        (b'{"a": ' + b"1" * 400 + b"}", "too-large"),
        (b"9" * 5000, "not-json"),
        (b'"\xed\xa0\x80"', "not-json"),
        ('"\ud800"'.encode("utf-16-le", "surrogatepass"), "not-json"),
        (b'{"a": ' * 5000 + rb'"\ud800"', "too-deep"),
        (rb'["\ud800"]', "bad-text"),
    ],
)
def test_json_is_what_rfc_8259_says_and_holds_texts_and_numbers(body: bytes, code: str | None) -> None:
    """[attacks F13] Values that Python reads beyond that break where they are written."""
    problem = json_problem(body)
    assert (problem.code if problem else None) == code


async def test_signing_in_still_takes_every_text_there_is(gateway: GatewayClient) -> None:
    """[attacks F13] A password of any characters is one; this one is wrong, and no more than that."""
    wrong = {**LOGIN, "password": "パスワード😀\u202e"}
    answer = await gateway.browser.post("/session", json=wrong, headers={"Origin": gateway.url})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-failed")


async def test_the_gateways_document_says_how_signing_in_is_refused(gateway: GatewayClient) -> None:
    """[attacks F13] Found by `make fuzz`: of what `/session` refuses it told 422 and 429 alone."""
    paths = gateway.app.openapi()["paths"]
    for path in ("/session", "/session/second-factor", "/session/passkey", "/session/step-up"):
        assert {"401", "403", "429"} <= set(paths[path]["post"]["responses"]), path
    assert {"401", "429"} <= set(paths["/session"]["get"]["responses"])


async def test_a_refused_sign_in_says_how_to_sign_in(gateway: GatewayClient) -> None:
    """[attacks F13] Found by `make fuzz`: `WWW-Authenticate`, which every 401 has, was not passed on."""
    wrong = {**LOGIN, "password": "x"}
    answer = await gateway.browser.post("/session", json=wrong, headers={"Origin": gateway.url})
    assert (answer.status_code, "www-authenticate" in answer.headers) == (401, True)


def test_an_odd_request_can_be_recognised_in_a_report() -> None:
    """[attacks F13] The generated requests cover headers, parameters, types and fields."""
    document = {
        "paths": {
            "/v1/things/{thing_id}": {
                "post": {
                    "parameters": [
                        {"name": "thing_id", "in": "path"},
                        {"name": "limit", "in": "query"},
                    ],
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}}
                            }
                        }
                    },
                }
            }
        }
    }
    made: list[Odd] = list(odd_requests(document))
    kinds = {odd.why.split()[0] for odd in made}
    assert kinds == {"header", "parameter", "path", "body", "type", "field"}
    assert any(odd.body == rb'{"on": "\ud800"}' for odd in made)
