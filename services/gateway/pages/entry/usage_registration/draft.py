"""The form of a usage registration (利用申出) that is being written, from the mailed link on."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.entry.usage_registration import fields
from services.gateway.pages.entry.usage_registration.conflict import resolve_conflict
from services.gateway.pages.entry.usage_registration.receipt import render_receipt
from services.gateway.pages.entry.usage_registration.writer import (
    CurrentWriter,
    DraftNotOpen,
    Writer,
    key_cookie,
)
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.kept_forms import KeptForm, find_kept_form
from services.gateway.pages.kit.words import say
from shared.clock import legal_date
from shared.reference.usage_documents import NAMES

router = page_router()
# A day's work; the link opens it again.
_KEY_SECONDS = 12 * 3600
_PLACE = re.compile(r"([0-9a-f-]{36})\.([A-Za-z0-9_-]{20,200})")
Checked = Annotated[bool, Query()]


@router.get("/usage-registration/draft/{draft_id:uuid}")
async def show_form(
    draft_id: UUID,
    writer: CurrentWriter,
    checked: Checked = False,
    rows: Annotated[int, Query(ge=0, le=organisations.MOST_ROWS)] = 0,
    done: Done = None,
) -> Response:
    """The form of a draft as entered so far, with its mistakes; `checked` with everything that is missing. Submitted,
    its receipt. Input sent when the key had ended is there again, unsaved."""
    draft = await writer.draft()
    if draft["state"] == "submitted":
        return render_receipt(writer, draft)
    values = fields.shown(draft["content"] or {}, draft["language"])
    if waiting := await _kept_input(writer):
        return _page(writer, draft, {**fields.shown({}, draft["language"]), **waiting.values}, waiting=waiting)
    errors = await _mistakes(writer, values, everything=checked)
    return _page(writer, draft, values, errors, rows=rows, done=done)


@router.get("/usage-registration/draft/{place}")
async def open_link(place: str, gateway: CurrentGateway) -> Response:
    """Open the link from the email. It changes nothing; the key is put into a cookie, and out of the address."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise DraftNotOpen()
    try:
        draft_id = UUID(found[1])
    except ValueError as error:
        raise DraftNotOpen() from error
    response = redirect_to(f"/usage-registration/draft/{draft_id}")
    # Lax: a mail program's link leads on to the page.
    cookies.put(response, gateway.settings, key_cookie(draft_id), found[2], max_age=_KEY_SECONDS)
    return response


@router.post("/usage-registration/draft/{draft_id:uuid}")
async def save_form(draft_id: UUID, writer: CurrentWriter, form: LongForm) -> Response:
    """Save the input, finished or not, and continue. Input that cannot be read is kept as it was typed."""
    draft = await writer.draft()
    if draft["state"] == "submitted":
        return redirect_to(writer.page)
    content = fields.read(form) | {"documents": (draft["content"] or {}).get("documents") or []}
    answer = await save(writer, content, form.revision)
    if answer.status == 412:
        return await resolve_conflict(writer, draft, form, lambda content: save(writer, content, draft["revision"]))
    if not answer.ok:
        values = {**fields.shown({}, draft["language"]), **form}
        known = {error["pointer"]: organisations.field_of(error["pointer"]) for error in answer.body.get("errors", [])}
        return _page(writer, draft, values, answer.form_errors(writer.lang, known), unsaved=True)
    return _next_page(writer, form, content, answer)


async def save(writer: Writer, content: dict[str, Any], revision: int) -> Answer:
    """Save the content; what registration does not take in one of its fields goes to `unread`, as it was typed."""
    while True:
        answer = await writer.ask("PUT", json=content, revision=revision)
        pointers = [error["pointer"] for error in answer.body.get("errors", [])] if answer.status == 422 else []
        if not fields.set_aside(content, pointers):
            return answer


def _next_page(writer: Writer, form: Form, content: Mapping[str, Any], answer: Answer) -> Response:
    """Redirect to where the button that was pressed leads, once everything is saved."""
    if form["do"] == "row":
        # Rows that were left empty are not saved, and are there again.
        response = redirect_to(writer.page, rows=str(organisations.rows_in(form) + 1))
        first_empty = organisations.row_field(len(content[organisations.ROWS]), "corporate_number")
        response.headers["location"] += f"#{first_empty}"
        return response
    if form["do"] == "language":
        return redirect_to(writer.page, lang=writer.lang, done="saved")
    if form["do"] == "save":
        return redirect_to(writer.page, done="saved")
    open_here = [one for one in answer.body["problems"] if not organisations.is_document(one["pointer"])]
    return redirect_to(writer.page, checked="true") if open_here else redirect_to(f"{writer.page}/documents")


async def _kept_input(writer: Writer) -> KeptForm | None:
    """The input of this form that was kept when its key or session had ended, if it is this writer's."""
    found = await find_kept_form(writer.request, writer.gateway)
    if found is None or found.path != writer.page:
        return None
    owner = writer.visitor.owner if writer.visitor else ""
    return found if found.owner == owner else None


async def _mistakes(writer: Writer, values: Mapping[str, str], *, everything: bool) -> FormErrors | None:
    """The mistakes in the input, all at once, in the order of the form; `everything`: also what is missing."""
    answer = await writer.ask("GET", "/check")
    found = [
        Message(organisations.message_of(one, writer.lang), organisations.field_of(one["pointer"]))
        for one in answer.body.get("problems", [])
        if not organisations.is_document(one["pointer"])
    ]
    typed = [one for one in found if everything or (one.field not in fields.TICKS and values.get(one.field or ""))]
    return FormErrors(200, fields.in_order(typed, fields.labels(writer.lang, values))) if typed else None


def _page(
    writer: Writer,
    draft: dict[str, Any],
    values: dict[str, str],
    errors: FormErrors | None = None,
    *,
    rows: int = 0,
    done: str | None = None,
    unsaved: bool = False,
    waiting: KeptForm | None = None,
) -> Response:
    lang = writer.lang
    today = legal_date(writer.gateway.clock.now())
    return render_page(
        writer.request,
        "entry/usage_registration/draft",
        lang,
        visitor=writer.visitor,
        errors=errors,
        draft=draft,
        path=writer.page,
        revision=values.get("revision") or draft["revision"],
        done=done if done == "saved" else None,
        unsaved=unsaved,
        waiting=waiting,
        values=values,
        rows=organisations.rows_of(values, rows),
        roles=fields.roles(lang),
        categories=organisations.categories(lang),
        prefectures=organisations.prefectures(lang),
        labels=fields.labels(lang, values),
        names={code: say(name, lang) for code, name in NAMES.items()},
        versions=writer.gateway.agreements.in_force(today),
    )
