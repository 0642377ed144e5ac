"""The identity of a request: the same one is recognised, another one under the same key is refused."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Form, Request, UploadFile

from shared.auth import public
from shared.http import IfMatch, create_app, etag, expect
from shared.http.marks import KeyedMark, RequestMark

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CORRELATION = "019a0000-0000-7000-8000-000000000001"


def build() -> FastAPI:
    router = APIRouter(prefix="/v1", dependencies=[public])

    def shown(mark: Any) -> dict[str, Any]:
        return {
            "request_id": mark.request_id,
            "key": mark.idempotency_key,
            "fingerprint": mark.fingerprint.hex() if mark.fingerprint else None,
            "traceparent": mark.traceparent,
            "correlation_id": str(mark.correlation_id) if mark.correlation_id else None,
        }

    @router.post("/perhaps")
    async def perhaps(mark: RequestMark) -> dict[str, Any]:
        return shown(mark)

    @router.post("/json/{item}")
    async def with_json(item: str, body: dict[str, Any], mark: KeyedMark) -> dict[str, Any]:
        return shown(mark)

    @router.post("/upload")
    async def upload(file: UploadFile, kind: Annotated[str, Form()], mark: KeyedMark) -> dict[str, Any]:
        return {**shown(mark), "size": len(await file.read())}

    @router.post("/stream")
    async def stream(mark: KeyedMark, request: Request) -> dict[str, Any]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        return {**shown(mark), "size": size}

    @router.put("/edit")
    async def edit(if_match: IfMatch = None) -> str:
        expect(7, if_match)
        return etag(8)

    return create_app("t", "1", [router])


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://t") as made:
        yield made


KEY = {"Idempotency-Key": "k-1"}


async def test_the_mark_carries_what_identifies_the_request(client: httpx.AsyncClient) -> None:
    headers = {**KEY, "X-Request-Id": "demo-0001", "traceparent": TRACE, "X-Correlation-Id": CORRELATION}
    mark = (await client.post("/v1/perhaps", headers=headers)).json()
    assert (mark["request_id"], mark["key"], mark["correlation_id"]) == ("demo-0001", "k-1", CORRELATION)
    assert mark["traceparent"].split("-")[1] == TRACE.split("-")[1]
    assert len(mark["fingerprint"]) == 64


async def test_without_a_key_there_is_no_fingerprint(client: httpx.AsyncClient) -> None:
    mark = (await client.post("/v1/perhaps")).json()
    assert (mark["key"], mark["fingerprint"]) == (None, None)


async def test_a_command_that_insists_on_a_key_answers_428_without_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/json/1", json={})
    assert (answer.status_code, answer.json()["code"]) == (428, "idempotency-key-required")


@pytest.mark.parametrize("key", ["", "x" * 129, "with space", "tab\tbed"])
async def test_a_malformed_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/v1/json/1", json={}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [(e["place"], e["pointer"]) for e in answer.json()["errors"]] == [("header", "/Idempotency-Key")]


@pytest.mark.parametrize("key", ["x", "x" * 128, '!"#$%&()*+,-./:;<=>?@[]^_`{|}~'])
async def test_every_visible_ascii_key_is_taken(client: httpx.AsyncClient, key: str) -> None:
    assert (await client.post("/v1/json/1", json={}, headers={"Idempotency-Key": key})).json()["key"] == key


async def test_a_malformed_correlation_id_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/perhaps", headers={"X-Correlation-Id": "taro"})).status_code == 422


async def test_the_fingerprint_differs_with_path_query_and_body_and_with_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    async def of(path: str, body: dict[str, Any], **headers: str) -> str:
        answer = await client.post(path, json=body, headers={**KEY, **headers})
        fingerprint: str = answer.json()["fingerprint"]
        return fingerprint

    first = await of("/v1/json/1", {"a": 1})
    assert await of("/v1/json/1", {"a": 1}, **{"Accept-Language": "en", "X-Request-Id": "other-request"}) == first
    others = [
        await of("/v1/json/2", {"a": 1}),
        await of("/v1/json/1?x=1", {"a": 1}),
        await of("/v1/json/1", {"a": 2}),
        await of("/v1/json/1", {}),
    ]
    assert len({first, *others}) == 5


async def test_a_repeated_upload_has_the_same_fingerprint_although_its_boundary_differs(
    client: httpx.AsyncClient,
) -> None:
    async def of(content: bytes, kind: str = "photo", name: str = "a.jpg") -> tuple[str, int]:
        answer = await client.post("/v1/upload", files={"file": (name, content)}, data={"kind": kind}, headers=KEY)
        return answer.json()["fingerprint"], answer.json()["size"]

    first, size = await of(b"x" * 10_000)
    assert size == 10_000, "the route can still read the file"
    assert await of(b"x" * 10_000) == (first, size)
    # Each of the same length as the first.
    others = [
        (await of(b"y" * 10_000))[0],
        (await of(b"x" * 10_000, "photp"))[0],
        (await of(b"x" * 10_000, name="b.jpg"))[0],
    ]
    assert first not in others


async def test_a_streamed_body_stays_for_the_route_to_read(client: httpx.AsyncClient) -> None:
    headers = {**KEY, "Content-Type": "application/pdf"}
    answer = await client.post("/v1/stream", content=b"x" * 5000, headers=headers)
    assert (answer.json()["size"], len(answer.json()["fingerprint"])) == (5000, 64)


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"7"', 200), ("*", 200), ('"6", "7"', 200), ('"6"', 412), ('W/"7"', 412), ("7", 412), (None, 428)],
)
async def test_a_change_must_start_from_the_present_version(
    client: httpx.AsyncClient, if_match: str | None, status: int
) -> None:
    answer = await client.put("/v1/edit", headers={} if if_match is None else {"If-Match": if_match})
    assert answer.status_code == status


# A process of its own: what is not installed cannot be taken away from this one.
WITHOUT_PARSER = """
import sys
sys.modules["python_multipart"] = sys.modules["multipart"] = None
import asyncio, httpx
from fastapi import APIRouter
from shared.auth import public
from shared.http import create_app
from shared.http.marks import KeyedMark

router = APIRouter(dependencies=[public])

@router.post("/things")
async def add(mark: KeyedMark) -> str:
    return mark.fingerprint.hex()

async def main() -> None:
    transport = httpx.ASGITransport(create_app("t", "1", [router]), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t", headers={"Idempotency-Key": "k"}) as client:
        for body in ({"data": {"a": "1"}}, {"data": {"a": "2"}}, {"files": {"file": b"x"}}):
            answer = await client.post("/things", **body)
            print("answer", answer.status_code, answer.text)

asyncio.run(main())
"""


async def test_a_service_without_the_parser_of_multipart_forms_marks_forms_all_the_same() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WITHOUT_PARSER, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    answers = [line.split() for line in printed.decode().splitlines() if line.startswith("answer")]
    assert [status for _, status, _ in answers] == ["200"] * 3
    assert len({found for _, _, found in answers}) == 3
