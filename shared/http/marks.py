"""The identity of a request, from its headers: `shared.work.RequestIdentity`.

Example::

    @router.post("/v1/applications/{id}/submission", dependencies=[permit(*APPLICANT_ROLES)])
    async def submit(caller: Caller, mark: KeyedMark): ...

`RequestMark` takes an `Idempotency-Key` where one is sent; `KeyedMark` insists on it (428 without).
"""

import re
from hashlib import sha256
from importlib.util import find_spec
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from starlette.datastructures import UploadFile

from shared import tracing
from shared.errors import Invalid, PreconditionRequired, Text
from shared.http.problems import request_id
from shared.http.validation import PlacedFieldProblem
from shared.work import RequestIdentity

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_CHUNK = 1024 * 1024
# A service without the parser has no route that reads a form's fields by it.
_PARSED = ("multipart/form-data", "application/x-www-form-urlencoded") if find_spec("python_multipart") else ()

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1-128 visible ASCII characters, new for each effect; a repeat gets the first answer",
    ),
]
CorrelationId = Annotated[str | None, Header(alias="X-Correlation-Id", description="UUID that joins several requests")]


class KeyRequired(PreconditionRequired):
    """A request that creates or decides must be repeatable without a second effect."""

    code = "idempotency-key-required"
    title = Text("Idempotency-Key ヘッダーが必要です", "Send an Idempotency-Key header")


async def mark(request: Request, key: IdempotencyKey = None, correlation: CorrelationId = None) -> RequestIdentity:
    """The mark of this request. Raises `Invalid` for a malformed key or correlation id."""
    if key is not None and not _KEY.fullmatch(key):
        raise _bad_header(
            "Idempotency-Key", Text("表示可能なASCII文字1〜128文字にしてください", "Use 1-128 visible ASCII characters")
        )
    return RequestIdentity(
        request_id=request_id(request),
        idempotency_key=key,
        fingerprint=None if key is None else await fingerprint(request),
        traceparent=tracing.inject(),
        correlation_id=_correlation(correlation),
    )


async def required_key(found: Annotated[RequestIdentity, Depends(mark)]) -> RequestIdentity:
    """The mark of this request. Raises `KeyRequired` (428) where it has no idempotency key."""
    if found.idempotency_key is None:
        raise KeyRequired()
    return found


RequestMark = Annotated[RequestIdentity, Depends(mark)]
KeyedMark = Annotated[RequestIdentity, Depends(required_key)]


async def fingerprint(request: Request) -> bytes:
    """SHA-256 over method, path, query and body: a key that comes back with another one was used for something else.

    A form counts by its fields and files, because its boundary differs each time. A body that the route reads as a
    stream counts by type and length only: reading it here would hold all of it in memory.
    """
    digest = sha256()
    scope = request.scope
    for part in (scope["method"].encode(), scope["path"].encode(), scope.get("query_string", b"")):
        digest.update(len(part).to_bytes(4, "big") + part)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _PARSED:
        for name, value in (await request.form()).multi_items():
            digest.update(f"\0{name}\0".encode())
            if isinstance(value, UploadFile):
                digest.update(f"{value.filename}\0".encode())
                await value.seek(0)
                while chunk := await value.read(_CHUNK):
                    digest.update(chunk)
                await value.seek(0)
            else:
                digest.update(value.encode())
    elif kind in ("", "application/json", "application/x-www-form-urlencoded") or kind.endswith("+json"):
        digest.update(await request.body())
    else:
        digest.update(f"{kind}\0{request.headers.get('content-length', '')}".encode())
    return digest.digest()


def _correlation(text: str | None) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise _bad_header("X-Correlation-Id", Text("UUID形式で指定してください", "Give a UUID")) from error


def _bad_header(name: str, text: Text) -> Invalid:
    field = PlacedFieldProblem(pointer=f"/{name}", code="bad-header", message=text, place="header")
    return Invalid(fields=[field])
