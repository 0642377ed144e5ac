"""Bodies and answers have the size that they need."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from shared.auth import public
from shared.errors import FieldProblem, Invalid, Text
from shared.http import create_app
from shared.http.limits import DEFAULT_MAX_BODY, FORM_BODY, LARGER_BODIES, MAX_ERRORS, MIB, UPLOAD_BODY
from tests.gateway.conftest import GatewayClient


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, Field(pattern="^[a-z]{3}$")]


@pytest.fixture
async def service() -> AsyncIterator[httpx.AsyncClient]:
    router = APIRouter(prefix="/v1", dependencies=[public])

    @router.post("/things")
    async def make(body: Strict) -> None: ...

    @router.post("/own")
    async def own() -> None:
        raise Invalid(fields=[FieldProblem(f"/{n}", "bad", Text("だめ", "Bad")) for n in range(500)])

    transport = httpx.ASGITransport(create_app("t", "1", [router]))
    headers = {"Accept-Language": "en"}
    async with httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as client:
        yield client


async def test_so_many_mistakes_are_listed_and_the_rest_is_counted(service: httpx.AsyncClient) -> None:
    """[attacks F1] An answer grew with the number of mistakes."""
    many = {f"field-{number}": 1 for number in range(1000)}
    for path, sent, count in (("/v1/things", many, 1001), ("/v1/own", None, 500)):
        answer = await service.post(path, json=sent)
        assert answer.status_code == 422
        body = answer.json()
        assert len(body["errors"]) == MAX_ERRORS
        assert body["more_errors"] == count - MAX_ERRORS
        assert body["detail"] == f"And {count - MAX_ERRORS} more"
    few = (await service.post("/v1/things", json={"kind": "abc", "x": 1, "y": 2})).json()
    assert len(few["errors"]) == 2
    assert "more_errors" not in few


async def test_what_was_sent_is_not_sent_back_at_length(service: httpx.AsyncClient) -> None:
    """[attacks F1] Neither as a pointer nor as a value."""
    body = {"kind": "z" * 50_000, **{f"{number}" + "k" * 1000: 1 for number in range(60)}}
    answer = await service.post("/v1/things", json=body)
    assert answer.status_code == 422
    assert "z" * 100 not in answer.text
    assert len(answer.content) < 40_000


@pytest.mark.parametrize(
    ("path", "most", "status"),
    [("/session", FORM_BODY, 422), ("/api/v1/applications", DEFAULT_MAX_BODY, 201), ("/api/v1/documents", MIB, 200)],
)
async def test_a_route_takes_as_much_as_it_needs(gateway: GatewayClient, path: str, most: int, status: int) -> None:
    """[attacks F1] Every route under `/api` took 30 MB."""
    body = json.dumps({"password": "x"}).encode()
    headers = {"Content-Type": "application/json", "Origin": gateway.url}
    answer = await gateway.browser.post(path, content=body + b" " * (most - len(body)), headers=headers)
    assert answer.status_code == status
    if most != MIB:
        answer = await gateway.browser.post(path, content=body + b" " * (most + 1 - len(body)), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("size", [UPLOAD_BODY + 1, 25 * MIB + 200_000, 31 * MIB, 10**15])
async def test_a_file_that_is_too_large_is_refused_in_the_units_people_read(gateway: GatewayClient, size: int) -> None:
    """[faults 21] "Send at most 26279936 bytes", and above 30 MiB another number."""
    from tests.support.raw import sent

    for path in ("/api/v1/documents", "/upload/x"):
        head = f"POST {path} HTTP/1.1\r\nHost: t\r\nAccept-Language: en\r\nContent-Length: {size}\r\n\r\n"
        answer = await sent(gateway.url, head.encode())
        assert (answer.status, answer.json()["detail"]) == (413, "Send at most 25 MB")
        japanese = await sent(gateway.url, head.replace("Accept-Language: en\r\n", "").encode())
        assert japanese.json()["detail"] == "25MB以内にしてください"


async def test_a_file_without_a_declared_length_is_refused_alike(gateway: GatewayClient) -> None:
    """[faults 21] The limit is reached while the file is passed on."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(26 * 16):
            yield b"x" * 65_536

    answer = await gateway.browser.post("/api/v1/documents", content=pieces(), headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["detail"]) == (413, "Send at most 25 MB")


def test_the_document_service_and_the_gateway_agree_on_the_size_of_a_file() -> None:
    """[faults 21] The gateway's limit is the document service's, so that the sentence is the same."""
    from services.document.files.api import FORM_BYTES
    from services.document.files.domain import MAX_FILE_BYTES

    assert LARGER_BODIES["/v1/documents"] == UPLOAD_BODY == MAX_FILE_BYTES + FORM_BYTES
