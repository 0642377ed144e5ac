"""Every method of the client is a request of the OpenAPI documents, and reads the answer that they promise."""

import inspect
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from tests.clients.__main__ import PACKAGE, main
from tests.clients.documents import document
from tests.clients.generated import wanted
from tests.clients.models import SERVICES, _class_name, _type
from zairyu_client import AsyncZairyu

ID, OTHER = UUID(int=1), UUID(int=2)
DAY, MOMENT = date(2027, 1, 4), datetime(2027, 1, 4, tzinfo=UTC)
DECLARED = {"intent_confirmed": True, "truth_confirmed": True}
# Arguments of every method; more than one line where a method makes different requests.
CALLS: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "forms.list": [((), {})],
    "forms.get": [(("extend-n-2026-02-27",), {"status": "ENG_HUM_INT"})],
    "forms.example": [(("extend-n-2026-02-27",), {})],
    "forms.template": [(("extend-n-2026-02-27",), {"status": "ENG_HUM_INT"})],
    "applications.list": [((), {"q": "an", "status": ["draft"], "stay_from": DAY, "in_charge": ID})],
    "applications.begin": [
        (("EXTEND", "ENG_HUM_INT"), {}),
        (("EXTEND", "DESIGNATED", {"a": 1}), {"activity": "X", "notify": {"email": "a@example.jp", "language": "en"}}),
    ],
    "applications.get": [((ID,), {})],
    "applications.save": [((ID, {"a": 1}), {"revision": 1, "notify": {"email": "a@example.jp"}})],
    "applications.change": [((ID, {"form": {"a": None}}), {"revision": 1})],
    "applications.attach": [((ID,), {"revision": 1, "photo": ID, "documents": {OTHER: ["RES_TAX"]}})],
    "applications.copy": [((ID,), {"procedure": "EXTEND"})],
    "applications.delete": [((ID,), {})],
    "applications.check": [((ID,), {})],
    "applications.submit": [((ID,), {**DECLARED, "language": "en", "version": "2026-01-05"})],
    "applications.declarations": [((), {})],
    "applications.receipt": [((ID,), {})],
    "applications.withdraw": [((ID, "moved away"), {})],
    "applications.timeline": [((ID,), {})],
    "applications.expectation": [((ID,), {})],
    "applications.proof": [((ID,), {})],
    "applications.requested": [((ID,), {})],
    "applications.answer": [((ID, OTHER, 0), {"documents": [ID]}), ((ID, OTHER, 0), {"why_not": "none exists"})],
    "applications.submit_requested": [((ID, OTHER), {})],
    "applications.ask_for_time": [((ID, OTHER, DAY, "on a journey"), {})],
    "documents.upload": [((b"x", "photo"), {"crop": (1, 2, 50), "application_id": ID, "codes": ["RES_TAX"]})],
    "documents.get": [((ID,), {})],
    "documents.list": [((ID,), {})],
    "documents.link": [((ID,), {})],
    "documents.take_repaired": [((ID,), {"own_file": True})],
    "documents.delete": [((ID,), {})],
    "imports.upload": [((b"x",), {"dry_run": True})],
    "imports.list": [((), {})],
    "imports.get": [((ID,), {})],
    "imports.rows": [((ID,), {"state": "wrong"})],
    "imports.attach": [((ID, [("1", OTHER, ["RES_TAX"])]), {})],
    "imports.check": [((ID,), {})],
    "imports.confirm": [((ID, OTHER, "/form/a"), {})],
    "imports.submit": [((ID,), DECLARED)],
    "imports.workbook": [((ID,), {})],
    "imports.receipts": [((ID,), {})],
    "imports.delete": [((ID,), {})],
    "certificates.get": [((ID,), {})],
    "certificates.file": [((ID,), {})],
    "certificates.acknowledge": [((ID,), {})],
    "certificates.send_link": [((ID, "a@example.jp", "en"), {})],
    "certificates.stop_link": [((ID, OTHER), {})],
    "webhooks.types": [((), {})],
    "webhooks.list": [((), {})],
    "webhooks.get": [((ID,), {})],
    "webhooks.add": [(("HR", "https://hr.example.co.jp/zairyu"), {"types": ["review.completed"]})],
    "webhooks.change": [((ID,), {"revision": 1, "name": "HR", "types": []})],
    "webhooks.remove": [((ID,), {})],
    "webhooks.add_secret": [((ID,), {})],
    "webhooks.end_secret": [((ID, OTHER), {})],
    "webhooks.enable": [((ID,), {})],
    "webhooks.disable": [((ID,), {})],
    "webhooks.ping": [((ID,), {})],
    "webhooks.messages": [((ID,), {"state": "failed", "application_id": OTHER})],
    "webhooks.message": [((ID, OTHER), {})],
    "webhooks.send_again": [((ID, OTHER), {})],
    "webhooks.send_span_again": [((ID, MOMENT, MOMENT), {})],
}
# Methods that make requests of other methods until something is done.
MADE_OF_OTHERS = {"forms.newest", "applications.checked", "imports.wait", "documents.send_parts"}


class Recorded(Exception):
    """Raised in place of an answer."""


@dataclass
class Recorder:
    """A transport that keeps what it is asked and answers nothing. `answer` is the schema that the method reads."""

    asked: dict[str, Any] = field(default_factory=dict)

    async def send(self, method: str, path: str, *ids: Any, answer: str = "", **request: Any) -> Any:
        self.asked = {"method": method, "path": path, "ids": ids, "answer": answer, **request}
        raise Recorded

    async def model(self, answer: type, method: str, path: str, *ids: Any, **request: Any) -> Any:
        await self.send(method, path, *ids, answer=answer.__name__, **request)

    async def models(self, answer: type, method: str, path: str, *ids: Any, **request: Any) -> Any:
        await self.send(method, path, *ids, answer=f"list[{answer.__name__}]", **request)

    async def content(self, method: str, path: str, *ids: Any, **request: Any) -> Any:
        await self.send(method, path, *ids, answer="bytes", **request)

    async def items(self, answer: type, path: str, *ids: Any, **request: Any) -> AsyncIterator[Any]:
        await self.send("GET", path, *ids, answer=f"page of {answer.__name__}", **request)
        yield


def methods() -> Iterator[str]:
    """Every public method of the client's parts."""
    for name, part in vars(AsyncZairyu("https://zairyu.example", "id", "secret")).items():
        if not name.startswith("_"):
            members = inspect.getmembers(type(part), inspect.isfunction)
            yield from (f"{name}.{member}" for member, _ in members if not member.startswith("_"))


def operation(method: str, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation of a path of the client, and the document in which it is."""
    for service in SERVICES:
        found = document(service)
        for template, item in found["paths"].items():
            if re.sub(r"\{\w+\}", "{}", template) == f"/v1{path}" and method.lower() in item:
                return item[method.lower()], found
    raise AssertionError(f"no service has {method} {path}")


def promised(described: dict[str, Any], found: dict[str, Any]) -> str:
    """The answer that an operation promises, in the recorder's words."""
    success = next(answer for status, answer in described["responses"].items() if status.startswith("2"))
    content = success.get("content", {})
    if not content:
        return ""
    if "application/json" not in content:
        return "bytes"
    name = _type(content["application/json"]["schema"])
    schema = {_class_name(key): value for key, value in found["components"]["schemas"].items()}.get(name, {})
    items = schema.get("properties", {}).get("items", {})
    return f"page of {_type(items['items'])}" if "next" in schema.get("properties", {}) else name


def test_every_method_is_compared() -> None:
    assert set(CALLS) | MADE_OF_OTHERS == set(methods())


@pytest.mark.parametrize(("name", "number"), [(name, number) for name in CALLS for number in range(len(CALLS[name]))])
async def test_a_method_is_a_request_of_the_documents(name: str, number: int) -> None:
    zairyu, recorder = AsyncZairyu("https://zairyu.example", "id", "secret"), Recorder()
    part, _, method = name.partition(".")
    resource = getattr(zairyu, part)
    resource._transport = recorder
    positional, named = CALLS[name][number]
    with pytest.raises(Recorded):
        asked = getattr(resource, method)(*positional, **named)
        await (anext(asked) if isinstance(asked, AsyncIterator) else asked)
    asked = recorder.asked
    described, found = operation(asked["method"], asked["path"])
    assert asked["path"].count("{}") == len(asked["ids"])
    parameters = {each["name"] for each in described.get("parameters", ()) if each["in"] == "query"}
    assert set(asked.get("query") or {}) <= parameters
    assert asked["answer"] == promised(described, found)
    headers = {each["name"] for each in described.get("parameters", ()) if each["in"] == "header"}
    assert "key" not in asked or "Idempotency-Key" in headers
    assert (asked.get("revision") is None) == ("If-Match" not in headers), "a revision is sent where one is read"
    body = next(iter(described.get("requestBody", {}).get("content", {}).items()), None)
    sent = asked.get("json", asked.get("merge"))
    if body is None:
        assert sent is None
    elif "form-data" in body[0]:
        assert {key for key, _ in asked["form"]} | {"file"} <= set(body[1]["schema"]["properties"])
    else:
        schema = {**body[1]["schema"], "components": found["components"]}
        jsonschema_rs.validator_for(schema).validate(sent)


def test_what_is_generated_is_not_stale() -> None:
    assert main(check=True) == 0
    assert len(wanted(PACKAGE)) >= 12
