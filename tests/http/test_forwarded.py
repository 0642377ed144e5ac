"""Callers' addresses, as the gateway states them."""

import pytest
from fastapi import Request
from pydantic import SecretStr

from shared.http.forwarded import caller_of, stated

KEY = SecretStr("a key that the gateway and services share")
OTHER = SecretStr("a key that somebody made up, long enough")


def _request(headers: dict[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "client": ("127.0.0.1", 1)})


def test_address_with_the_gateways_proof_counts() -> None:
    assert caller_of(_request(stated(KEY, "203.0.113.5")), KEY) == "203.0.113.5"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-For": "203.0.113.5"},
        stated(None, "203.0.113.5"),
        stated(OTHER, "203.0.113.5"),
        stated(KEY, "203.0.113.6") | {"X-Forwarded-For": "203.0.113.5"},
        {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proof": "ü"},
    ],
)
def test_address_without_a_right_proof_is_that_of_the_connection(headers: dict[str, str]) -> None:
    """[attacks F5, attacks F20] Anybody who reaches a service can send a header."""
    assert caller_of(_request(headers), KEY) == "127.0.0.1"
    assert caller_of(_request(headers), None) == "127.0.0.1"
