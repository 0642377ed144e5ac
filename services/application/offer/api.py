"""Routes of published forms: for anybody, the same for everybody, kept by caches."""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from services.application.forms.catalogue import form_of, offered_forms
from services.application.offer.domain import activities_of, combinations_of, published, title_of
from services.application.offer.schemas import Offered, OfferedForms, PublishedForm
from services.application.progress.schemas import words
from shared.auth import public
from shared.clock import legal_date
from shared.errors import Invalid, NotFound, Text
from shared.http.validation import PlacedFieldProblem
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/forms", tags=["forms"])
Code = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,40}$")]
KnownTag = Annotated[str | None, Header(alias="If-None-Match", description="the ETag of the answer that you have")]
# Forms change with a release or a day: an hour later everybody has the new one.
_KEPT = {"Cache-Control": "public, max-age=3600"}
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as it was"}}


@router.get("", dependencies=[public], response_model=OfferedForms, responses=_UNCHANGED)
async def list_offered(runtime: CurrentRuntime, known: KnownTag = None) -> Response:
    """The forms in which something can be filed online today."""
    return _answer(_offered(legal_date(runtime.clock.now())), known)


@router.get("/{version}", dependencies=[public], response_model=PublishedForm, responses=_UNCHANGED)
async def read_form(
    runtime: CurrentRuntime,
    version: Annotated[str, Path(max_length=60)],
    status: Annotated[Code | None, Query(description="one of `statuses`; without it all fields are listed")] = None,
    activity: Annotated[Code | None, Query(description="one of `activities`")] = None,
    combined_with: Annotated[list[Code], Query(description="procedures filed together, whose fields are added")] = [],  # noqa: B006
    known: KnownTag = None,
) -> Response:
    """A form with its topics, fields, words, options and conditions, its JSON Schema, and an example."""
    try:
        form = form_of(version)
    except LookupError as error:
        raise NotFound() from error
    today = legal_date(runtime.clock.now())
    _choose("status", status, form.statuses)
    _choose("activity", activity, activities_of(form, today))
    together = combinations_of(form, today)
    for added in combined_with:
        _choose("combined_with", added, together)
    chosen = tuple(added for added in together if added in combined_with)
    return _answer(_published(form.version, status, chosen, today), known)


@lru_cache(maxsize=4)
def _offered(day: date) -> tuple[bytes, str]:
    items = [
        Offered(
            version=form.version,
            procedure=form.procedure,
            section=form.section,
            statuses=list(form.statuses),
            activities=activities_of(form, day),
            title=words(title_of(form, day)),
            valid_from=form.valid_from,
        )
        for form in offered_forms(day)
    ]
    return _tagged(OfferedForms(day=day, items=items).model_dump_json().encode())


@lru_cache(maxsize=128)
def _published(version: str, status: str | None, combined_with: tuple[str, ...], day: date) -> tuple[bytes, str]:
    content = published(form_of(version, combined_with), status, combined_with, day)
    return _tagged(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def _answer(content: tuple[bytes, str], known: str | None) -> Response:
    body, tag = content
    headers = {"ETag": tag, **_KEPT}
    if known is not None and tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _choose(name: str, given: str | None, choices: Sequence[str]) -> None:
    if given is None or given in choices:
        return
    offered = ", ".join(choices)
    message = Text(f"次から選んでください: {offered}", f"Choose one of: {offered}")
    if not choices:
        message = Text("この様式では指定できません", "This form asks for none: leave it out")
    raise Invalid(fields=[PlacedFieldProblem(f"/{name}", "not-a-choice", message, "query")])
