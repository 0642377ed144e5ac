"""Odd input of every kind for every route of a service: what no well-meaning client sends, made from its OpenAPI
document. None of it may end in an error of the service's own."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

# Texts in JSON, as they stand in the body: escapes, so that each can be sent as UTF-8.
TEXTS = [
    r'"\ud800"',
    r'"a\udfffb"',
    r'"\u0000"',
    r'"\u202e\ufeff\u200b"',
    r'"\ufdd0\uffff"',
    '"' + "x" * 20_000 + '"',
    '"\\r\\n\\t\\b"',
    '"0001-01-01"',
    '"9999-12-31"',
    '"-0001-01-01"',
    '"0000-00-00"',
    '"0003-06-01"',
    '"10000-01-01"',
    '"2026-02-30"',
    '"9999-12"',
    '"令和999年99月99日"',
    '"9999-12-31T23:59:59.999999+23:59"',
    '"0001-01-01T00:00:00-23:59"',
    '"9999-12-31T23:59:59Z"',
    '"9999-12-31T23:59:59-23:59"',
    '"0001-01-01T00:00:00+23:59"',
    '"２０２６−０２−３０"',
    '"1e400"',
    '"-0"',
    '""',
]
NUMBERS = ["1e400", "-1e400", "NaN", "Infinity", "1" * 400, "9" * 5000, "-0.0", "1e-400", "9223372036854775808", "0"]
NUMBERS += ["-1", "0.1", "2147483648", "1e15", "253402300800", "-62135596801"]
OTHERS = ["null", "true", "[]", "{}", "[[[[]]]]", '{"\\ud800": 1}', '{"": ""}']
ODD_VALUES = [*TEXTS, *NUMBERS, *OTHERS]
ODD_BODIES = [
    b"",
    b"{",
    b"\xff\xfe{\x00}\x00",
    b'"\xed\xa0\x80"',
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b"\x00",
    b"NaN",
    b"9" * 5000,
    b"null",
    b"[]",
    b'{"\\ud800":"\\ud800"}',
]
ODD_PARAMETERS = [
    "%ED%A0%80",
    "%00",
    "%FF",
    "0001-01-01",
    "9" * 400,
    "NaN",
    "1e400",
    "%E2%80%AE",
    "''",
    "-1",
    "+",
    "%F0",
    "10000-01-01",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00%2B14:00",
    "9223372036854775808",
]
ODD_HEADERS: list[tuple[str, bytes]] = [
    (name, value)
    for name in (
        "Accept",
        "Accept-Language",
        "User-Agent",
        "Cookie",
        "Authorization",
        "If-Match",
        "If-None-Match",
        "Idempotency-Key",
        "X-Correlation-Id",
        "X-Draft-Key",
        "X-Request-Id",
        "traceparent",
        "Content-Type",
        "Origin",
        "Sec-Fetch-Site",
        "X-CSRF-Token",
        "X-Forwarded-For",
    )
    for value in (b"\xe6\x9d\xb1\xe4\xba\xac", b"\x80\xff\xa0", b";=,;\"'\\", b"q" * 4000, b"en;q=nan, ja;q=1e999", b"")
]
ODD_HEADERS += [
    ("If-Match", value)
    for value in (b'"9223372036854775808"', b'"-1"', b'W/"1"', b'"1", "2"', b'"' + b"9" * 5000 + b'"')
]
ODD_TYPES = [
    b"application/json; charset=undefined",
    b"application/json; charset=utf-7",
    b"multipart/form-data",
    b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=\xff",
    b"multipart/form-data; boundary=x; charset=undefined",
    b"application/x-www-form-urlencoded; charset=unicode_escape",
    b"application/x-www-form-urlencoded",
    b"text/\xe6",
]
ODD_PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--'
_NO_ID = "00000000-0000-0000-0000-000000000000"
METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Odd:
    """One request. `why` distinguishes it from the others in a report."""

    why: str
    method: str
    path: str
    headers: list[tuple[str, bytes]]
    body: bytes = b""


Send = Callable[[Odd], Awaitable[int]]


def odd_requests(
    document: Mapping[str, Any], known: Mapping[str, str] | None = None, bodies: Mapping[str, Any] | None = None
) -> Iterator[Odd]:
    """Requests for every operation of an OpenAPI document. `known` fills path parameters that need to exist; `bodies`
    are good ones by `METHOD /path`, for operations whose document has no example that would be taken."""
    schemas = document.get("components", {}).get("schemas", {})
    for template, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                good = (bodies or {}).get(f"{method.upper()} {template}")
                yield from _of_operation(method.upper(), template, item[method], schemas, known or {}, good)


def _of_operation(
    method: str,
    template: str,
    operation: Mapping[str, Any],
    schemas: Mapping[str, Any],
    known: Mapping[str, str],
    good: Any,
) -> Iterator[Odd]:
    parameters = operation.get("parameters", [])
    path = template
    for each in (p for p in parameters if p["in"] == "path"):
        path = path.replace(f"{{{each['name']}}}", known.get(each["name"], _NO_ID))
    kind = [("Content-Type", b"application/json")]
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    for name, value in ODD_HEADERS:
        yield Odd(f"header {name} {value[:20]!r}", method, path, [(name, value)])
    for each in (p for p in parameters if p["in"] == "query"):
        for odd in ODD_PARAMETERS:
            yield Odd(f"parameter {each['name']}={odd[:20]}", method, f"{path}?{each['name']}={odd}", [])
    for each in (p for p in parameters if p["in"] == "path"):
        for odd in ODD_PARAMETERS:
            there = template.replace(f"{{{each['name']}}}", odd).replace("{", "").replace("}", "")
            yield Odd(f"path {each['name']}={odd[:20]}", method, there, [])
    if method == "GET":
        return
    for body in ODD_BODIES:
        yield Odd(f"body {body[:20]!r}", method, path, kind, body)
    for content_type in ODD_TYPES:
        for body in (
            b"\xff",
            b"a=%ED%A0%80&b=%00",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
        ):
            yield Odd(f"type {content_type[:40]!r}", method, path, [("Content-Type", content_type)], body)
    if schema is None:
        return
    good = _example(schema, schemas) if good is None else good
    for pointer, made in _with_odd_values(good):
        yield Odd(f"field {pointer}", method, path, kind, made.encode())


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """A value of the right shape: the fields are what counts, not that the service takes it."""
    if "$ref" in schema:
        return _example(schemas.get(schema["$ref"].rpartition("/")[2], {}), schemas, depth + 1) if depth < 8 else None
    if schema.get("examples"):
        return schema["examples"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _example(schema[several][0], schemas, depth + 1)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    match schema.get("type"):
        case "object":
            return {n: _example(s, schemas, depth + 1) for n, s in schema.get("properties", {}).items()}
        case "array":
            return [_example(schema.get("items", {}), schemas, depth + 1)]
        case "string":
            text = {
                "date": "2026-01-01",
                "date-time": "2026-01-01T00:00:00Z",
                "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
            }
            return text.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return {}


_MARK = "\0odd\0"


def _with_odd_values(good: Any) -> Iterator[tuple[str, str]]:
    for pointer, marked in _marked(good, ""):
        text = json.dumps(marked)
        for value in ODD_VALUES:
            yield f"{pointer} = {value[:20]}", text.replace(json.dumps(_MARK), value)


def _marked(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    yield pointer, _MARK
    if isinstance(node, dict):
        for key, value in node.items():
            for below, made in _marked(value, f"{pointer}/{key}"):
                yield below, {**node, key: made}
    elif isinstance(node, list) and node:
        for below, made in _marked(node[0], f"{pointer}/0"):
            yield below, [made, *node[1:]]


async def failures(requests: Iterator[Odd], send: Send) -> AsyncIterator[tuple[Odd, int]]:
    """Those requests that ended in an error of the service's own."""
    for odd in requests:
        status = await send(odd)
        if status >= 500:
            yield odd, status


def through(client: httpx.AsyncClient, more: Mapping[str, str] | None = None) -> Send:
    """Send with `client`, and `more` headers that the odd request does not bring itself."""

    async def send(odd: Odd) -> int:
        own = {name.lower() for name, _ in odd.headers}
        headers = [(n.encode(), v.encode()) for n, v in (more or {}).items() if n.lower() not in own]
        headers += [(name.encode(), value) for name, value in odd.headers]
        url = httpx.URL(str(client.base_url)).copy_with(raw_path=odd.path.encode())
        request = client.build_request(odd.method, url, headers=headers, content=odd.body or None)
        return (await client.send(request)).status_code

    return send
