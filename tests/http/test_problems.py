"""Every error is a problem document in the caller's language, and reveals no more than the caller may know."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from shared.auth import public
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.http import PlacedFieldProblem, create_app
from shared.text.typed import rule

SECRET = "Nguyen Van Taro AB12345678CD"


class Study(BaseModel):
    kind: Literal["study"]
    school: str = Field(min_length=2)


class Labour(BaseModel):
    kind: Literal["labour"]
    wage: int = Field(ge=1)


class Member(BaseModel):
    model_config = ConfigDict(extra="forbid")
    given: str = Field(min_length=1, max_length=5)
    born: date


class Form(BaseModel):
    members: list[Member]
    activity: Study | Labour = Field(discriminator="kind")
    card: str | None = None

    @field_validator("card")
    @classmethod
    def _card(cls, value: str | None) -> str | None:
        if value is not None and len(value) != 12:
            raise rule("bad_card", Text("12文字です", "Twelve characters"))
        return value


class NullCharacter(Exception):
    """asyncpg's error for a text with NUL."""

    sqlstate = "22021"


def build() -> FastAPI:
    router = APIRouter(prefix="/v1", dependencies=[public])

    @router.post("/forms/{form_id}")
    async def file(form_id: int, form: Form, limit: Annotated[int, Query(le=10)] = 1) -> str:
        return "filed"

    errors: dict[str, Exception] = {
        "conflict": Conflict(Text("すでに提出済みです", "Filed already"), code="filed-already"),
        "invalid": Invalid(fields=[PlacedFieldProblem("/photo", "too-small", Text("小さい", "Too small"))]),
        "not-found": NotFound(),
        "bug": RuntimeError(SECRET),
        "sql": ProgrammingError("SELECT x", {"name": SECRET}, Exception(SECRET)),
        "null": DBAPIError("SELECT 1", {"name": SECRET}, NullCharacter(SECRET)),
        "database-away": OperationalError("SELECT 1", {"name": SECRET}, ConnectionRefusedError()),
        "refused": ConnectionRefusedError(SECRET),
        "teapot": HTTPException(418, SECRET),
    }

    @router.get("/errors/{name}")
    async def fail(name: str) -> str:
        raise errors[name]

    return create_app("t", "1", [router])


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://t") as made:
        yield made


GOOD: dict[str, Any] = {
    "members": [{"given": "Taro", "born": "2001-02-03"}],
    "activity": {"kind": "labour", "wage": 200_000},
}


async def found(client: httpx.AsyncClient, body: Any, lang: str = "en", path: str = "/v1/forms/1") -> list[Any]:
    answer = await client.post(path, json=body, headers={"Accept-Language": lang})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [(e["place"], e["pointer"], e["code"], e["message"]) for e in answer.json()["errors"]]


async def test_each_mistake_has_a_pointer_a_code_and_a_message_in_the_callers_language(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.post("/v1/forms/1", json=GOOD)).status_code == 200
    bad = {**GOOD, "members": [{"given": "Alexander", "born": "tomorrow", "a/b~": 1}, {}]}
    assert await found(client, bad) == [
        ("body", "/members/0/given", "too-long", "Give at most 5 characters"),
        ("body", "/members/0/born", "not-date", "Give a date as YYYY-MM-DD"),
        ("body", "/members/0/a~1b~0", "unknown-field", "This field is not known here"),
        ("body", "/members/1/given", "required", "Enter or choose a value"),
        ("body", "/members/1/born", "required", "Enter or choose a value"),
    ]
    assert (await found(client, bad, "ja"))[0][3] == "5文字以内で入力してください"
    # What was sent empty lacks an entry, not a character.
    empty = {**GOOD, "members": [{"given": "", "born": "2026-01-05"}]}
    assert await found(client, empty) == [("body", "/members/0/given", "too-short", "Enter or choose a value")]


async def test_a_pointer_leads_to_the_callers_own_document_inside_a_choice(client: httpx.AsyncClient) -> None:
    assert await found(client, {**GOOD, "activity": {"kind": "labour", "wage": 0}}) == [
        ("body", "/activity/wage", "too-small", "Give a value of at least 1")
    ]
    assert await found(client, {**GOOD, "activity": {"kind": "study"}}) == [
        ("body", "/activity/school", "required", "Enter or choose a value")
    ]
    assert [e[:3] for e in await found(client, {**GOOD, "activity": {"kind": "rest"}})] == [
        ("body", "/activity", "not-a-choice")
    ]


async def test_a_rule_of_our_own_speaks_both_languages(client: httpx.AsyncClient) -> None:
    bad = {**GOOD, "card": "short"}
    assert await found(client, bad, "ja") == [("body", "/card", "bad-card", "12文字です")]
    assert await found(client, bad, "en") == [("body", "/card", "bad-card", "Twelve characters")]


async def test_mistakes_outside_the_body_say_where_they_are(client: httpx.AsyncClient) -> None:
    assert [e[:3] for e in await found(client, GOOD, path="/v1/forms/one?limit=11")] == [
        ("path", "/form_id", "not-integer"),
        ("query", "/limit", "too-large"),
    ]


async def test_a_body_that_is_no_json_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/forms/1", content=b'{"members": [', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("", "not-json")]


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        (None, "ja"),
        ("", "ja"),
        ("en", "en"),
        ("ja,en;q=0.9", "ja"),
        ("en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("fr,de;q=0.5", "ja"),
        ("ja;q=0.1,*;q=0.9", "en"),
        ("en;q=high", "ja"),
    ],
)
async def test_the_language_is_the_callers_and_japanese_in_doubt(
    client: httpx.AsyncClient, accept: str | None, lang: str
) -> None:
    headers = {} if accept is None else {"Accept-Language": accept}
    answer = await client.get("/v1/errors/conflict", headers=headers)
    assert answer.headers["content-language"] == lang
    assert answer.json()["detail"] == {"ja": "すでに提出済みです", "en": "Filed already"}[lang]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/errors/conflict", 409, "filed-already"),
        ("GET", "/v1/errors/invalid", 422, "invalid"),
        ("GET", "/v1/errors/not-found", 404, "not-found"),
        ("GET", "/v1/errors/bug", 500, "internal-error"),
        ("GET", "/v1/errors/sql", 500, "internal-error"),
        ("GET", "/v1/errors/null", 422, "null-character"),
        ("GET", "/v1/errors/database-away", 503, "unavailable"),
        ("GET", "/v1/errors/refused", 503, "unavailable"),
        ("GET", "/v1/errors/teapot", 418, "http-418"),
        ("GET", "/v1/nowhere", 404, "not-found"),
        ("GET", "/v1/forms/1", 405, "method-not-allowed"),
        ("GET", "/v1/errors/conflict/", 404, "not-found"),
    ],
)
async def test_every_error_is_a_problem_document_that_leaks_nothing(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:zairyu:problem:{code}")
    assert body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "Taro" not in answer.text
    assert "Traceback" not in answer.text
    assert ("allow" in answer.headers) == (status == 405)
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_the_openapi_document_shows_what_errors_look_like(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    post = document["paths"]["/v1/forms/{form_id}"]["post"]["responses"]
    for status in ("400", "404", "413", "422"):
        schema = post[status]["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in json.dumps(document)
    assert set(document["components"]["schemas"]["Problem"]["required"]) == {
        "type",
        "title",
        "status",
        "code",
        "request_id",
    }
