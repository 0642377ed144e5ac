"""Routes of published forms, for anybody, the same for everybody who reads a language, and kept by caches; and their
templates for many rows."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response

from services.application.forms.catalogue import current_form, form_of, offered_forms
from services.application.forms.examples import draft_on
from services.application.forms.form import FormVersion
from services.application.offer.domain import activities_of, combinations_of, published, title_of
from services.application.offer.schemas import FormExample, GuideStep, Offered, OfferedForms, PublishedForm, guided
from services.application.progress.schemas import words
from services.application.sheets.columns import Plan
from services.application.sheets.templates import SheetPlan, template_csv, template_xlsx
from shared.auth import BULK_ROLES, permit, public
from shared.clock import legal_date
from shared.errors import Invalid, NotFound, Text
from shared.http import PaperLanguage, current_language
from shared.http.validation import PlacedFieldProblem
from shared.languages import LANGUAGES, Lang, OfficialLang
from shared.reference.guide.walk import QUESTIONS, UnknownAnswer, follow
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/forms", tags=["forms"])
Code = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,40}$")]
KnownTag = Annotated[str | None, Header(alias="If-None-Match", description="the ETag of the answer that you have")]
# Forms change with a release or a day: an hour later everybody has the new one.
_KEPT = {"Cache-Control": "public, max-age=3600", "Vary": "Accept-Language"}
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as it was"}}
_ANSWERS = {
    "parameters": [
        {
            "name": question.code,
            "in": "query",
            "required": False,
            "description": question.text.en,
            "schema": {"type": "string", "enum": [choice.code for choice in question.choices]},
        }
        for question in QUESTIONS.values()
    ]
}
# Of a name that is no question, as much is repeated.
_SHOWN = 60


class TemplateFormat(StrEnum):
    """Formats of a template."""

    XLSX = "xlsx"
    CSV = "csv"


_MEDIA = {
    TemplateFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TemplateFormat.CSV: "text/csv",
}
_TEMPLATES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in _MEDIA.values()}}
}


@router.get("", dependencies=[public], response_model=OfferedForms, responses=_UNCHANGED)
async def list_offered(runtime: CurrentRuntime, known: KnownTag = None) -> Response:
    """The forms in which something can be filed online today."""
    return _answer(_offered(legal_date(runtime.clock.now()), current_language()), known)


@router.get("/guide", dependencies=[public], response_model=GuideStep, responses=_UNCHANGED, openapi_extra=_ANSWERS)
async def guide(runtime: CurrentRuntime, request: Request, known: KnownTag = None) -> Response:
    """The way to a form by questions in everyday words. Each answer is a query parameter; without any, the first
    question is asked. Answers to questions that lie on another way are left out."""
    today = legal_date(runtime.clock.now())
    given = request.query_params.multi_items()
    answers = dict(given)
    if len(answers) < len(given):
        raise _wrong_answer(next(name for name, _ in given if [n for n, _ in given].count(name) > 1), ())
    try:
        place = follow(answers, today)
    except UnknownAnswer as unknown:
        raise _wrong_answer(unknown.question, unknown.choices) from unknown
    chosen = place.selection
    form = None
    if place.question is None and place.stop is None:
        form = current_form(chosen.procedure, chosen.status, today, chosen.activity or None)
    return _answer(_tagged(guided(place, form.version if form else None).model_dump_json().encode()), known)


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
    today = legal_date(runtime.clock.now())
    form, together = _chosen(version, status, activity, combined_with, today)
    return _answer(_published(form.version, status, together, today, current_language()), known)


@router.get("/{version}/example", dependencies=[public], response_model=FormExample, responses=_UNCHANGED)
async def read_example(
    runtime: CurrentRuntime, version: Annotated[str, Path(max_length=60)], known: KnownTag = None
) -> Response:
    """The body of `POST /v1/applications` for a complete application of an invented person, whose days fit today. To
    file it, photo and documents are missing: its check names them."""
    today = legal_date(runtime.clock.now())
    form, _ = _chosen(version, None, None, [], today)
    return _answer(_example(form.version, today), known)


@router.get("/{version}/template", dependencies=[permit(*BULK_ROLES)], response_class=Response, responses=_TEMPLATES)
async def read_template(
    runtime: CurrentRuntime,
    version: Annotated[str, Path(max_length=60)],
    status: Annotated[Code, Query(description="one of `statuses`")],
    lang: PaperLanguage,
    activity: Annotated[Code | None, Query(description="one of `activities`")] = None,
    combined_with: Annotated[list[Code], Query(description="procedures filed together, whose fields are added")] = [],  # noqa: B006
    format: Annotated[TemplateFormat, Query(description="a workbook, or a text file")] = TemplateFormat.XLSX,
) -> Response:
    """The template of a form for many applications, to be filled in and sent to `POST /v1/imports`."""
    today = legal_date(runtime.clock.now())
    form, together = _chosen(version, status, activity, combined_with, today)
    plan = Plan(form.version, status, activity, together)
    content = await asyncio.to_thread(_template, plan, format, lang)
    name = "-".join(part for part in (form.version, status.lower(), (activity or "").lower()) if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_MEDIA[format], headers=headers)


def _wrong_answer(question: str, choices: Sequence[str]) -> Invalid:
    offered = ", ".join(choices)
    if choices:
        code, message = (
            "not-a-choice",
            Text("次から選んでください: {offered}", "Choose one of: {offered}").with_values(offered=offered),
        )
    elif question in QUESTIONS:
        code, message = "too-many", Text("回答は一つだけ送信してください", "Send one answer to a question")
    else:
        known = ", ".join(QUESTIONS)
        code = "unknown-question"
        message = Text("質問にありません。あるもの: {known}", "No such question. There are: {known}").with_values(
            known=known
        )
    pointer = question[:_SHOWN].replace("~", "~0").replace("/", "~1")
    return Invalid(fields=[PlacedFieldProblem(f"/{pointer}", code, message, "query")])


@lru_cache(maxsize=4 * len(LANGUAGES))
def _offered(day: date, _lang: Lang) -> tuple[bytes, str]:
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


# A workbook takes up to a second to write.
@lru_cache(maxsize=32)
def _template(plan: Plan, format: TemplateFormat, lang: OfficialLang) -> bytes:
    sheet = SheetPlan(plan)
    return template_csv(sheet, lang) if format is TemplateFormat.CSV else template_xlsx([sheet], lang)


@lru_cache(maxsize=128)
def _published(
    version: str, status: str | None, combined_with: tuple[str, ...], day: date, lang: Lang
) -> tuple[bytes, str]:
    content = published(form_of(version, combined_with), status, combined_with, day, lang)
    return _tagged(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


@lru_cache(maxsize=64)
def _example(version: str, day: date) -> tuple[bytes, str]:
    return _tagged(json.dumps(draft_on(form_of(version), day), ensure_ascii=False).encode())


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def _answer(content: tuple[bytes, str], known: str | None) -> Response:
    body, tag = content
    headers = {"ETag": tag, **_KEPT}
    if known is not None and tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _chosen(
    version: str, status: str | None, activity: str | None, combined_with: Sequence[str], day: date
) -> tuple[FormVersion, tuple[str, ...]]:
    """The form, and what is filed together in its order. Raises `NotFound`, `Invalid` for what it does not offer."""
    try:
        form = form_of(version)
    except LookupError as error:
        raise NotFound() from error
    _choose("status", status, form.statuses)
    _choose("activity", activity, activities_of(form, day))
    together = combinations_of(form, day)
    for added in combined_with:
        _choose("combined_with", added, together)
    return form, tuple(added for added in together if added in combined_with)


def _choose(name: str, given: str | None, choices: Sequence[str]) -> None:
    if given is None or given in choices:
        return
    offered = ", ".join(choices)
    message = Text("次から選んでください: {offered}", "Choose one of: {offered}").with_values(offered=offered)
    if not choices:
        message = Text("この様式では指定できません", "This form asks for none: leave it out")
    raise Invalid(fields=[PlacedFieldProblem(f"/{name}", "not-a-choice", message, "query")])
