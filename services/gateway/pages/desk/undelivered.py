"""`/desk/undelivered`: important messages of the office that did not arrive, and how each person was informed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.queue import CASES
from services.gateway.pages.kit.forms import Form, FormErrors, Posted, is_cursor, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.clock import legal_date
from shared.errors import Forbidden, NotFound
from shared.http import Lang

router = page_router()
PATH = "/desk/undelivered"
_PAGE = f"{PATH}/{{case_id:uuid}}/{{undelivered_id:uuid}}"
_MEANS = ("telephone", "post", "counter", "not_needed")
_CONCERNS = ("documents", "interview", "decision", "card")
_ON_A_PAGE = 50


@router.get(PATH)
async def show_undelivered(request: Request, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the messages of which nobody was informed yet, oldest first."""
    _require_reader(visitor)
    cursor = request.query_params.get("cursor", "")
    asked = {"limit": str(_ON_A_PAGE)} | ({"cursor": cursor} if is_cursor(cursor) else {})
    found = await visitor.service("review").call("GET", f"/v1/cases/undelivered?{urlencode(asked)}")
    if found.status == 422 and "cursor" in asked:
        return redirect_to(PATH)
    if found.status == 403:
        raise Forbidden()
    if not found.ok:
        raise ServiceDown()
    return render_page(
        request,
        "desk/undelivered/undelivered",
        visitor.lang,
        visitor=visitor,
        lines=[undelivered_line(one, visitor.lang) for one in found.body["items"]],
        following=f"{PATH}?{urlencode({'cursor': found.body['next']})}" if found.body["next"] else "",
        done=done if done == "informed" else None,
    )


@router.get(_PAGE)
async def ask_means(visitor: OfficerVisitor, case_id: UUID, undelivered_id: UUID) -> Response:
    """Ask by which means the person was informed."""
    return await _page(visitor, case_id, undelivered_id, Form())


@router.post(_PAGE)
async def mark_informed(visitor: OfficerVisitor, case_id: UUID, undelivered_id: UUID, form: Posted) -> Response:
    """Record it; pressed twice, it is recorded once."""
    _require_reader(visitor)
    if errors := missing_fields(visitor.lang, *form.empty("means")):
        return await _page(visitor, case_id, undelivered_id, form, errors)
    body = {"means": form["means"], "note": form["note"] or None}
    key = {"Idempotency-Key": str(form.key_of(form["means"], form["note"]))}
    path = f"/v1/cases/{case_id}/undelivered/{undelivered_id}/informed"
    answer = await visitor.service("review").call("POST", path, body, headers=key)
    if errors := answer.form_errors(visitor.lang, {"/means": "means", "/note": "note"}):
        return await _page(visitor, case_id, undelivered_id, form, errors)
    return redirect_to(PATH, done="informed")


async def _page(
    visitor: Visitor, case_id: UUID, undelivered_id: UUID, form: Form, errors: FormErrors | None = None
) -> Response:
    _require_reader(visitor)
    case = (await visitor.service("review").fetch(f"/v1/cases/{case_id}")).body
    one = next((one for one in case["undelivered"] if one["id"] == str(undelivered_id)), None)
    if one is None:
        raise NotFound()
    texts = PAGES[visitor.lang]["undelivered"]
    return render_page(
        visitor.request,
        "desk/undelivered/informed",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        line=undelivered_line(one | {"receipt_number": case["receipt_number"]}, visitor.lang),
        means=[(code, texts[f"means_{code}"], "") for code in _MEANS],
        form=form,
    )


def undelivered_line(one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A message that did not arrive, in words."""
    texts = PAGES[lang]["undelivered"]
    concerns = one["concerns"] if one["concerns"] in _CONCERNS else "other"
    party = "applicant" if one["party"] == "applicant" else "account"
    return {
        "href": f"{PATH}/{UUID(one['case_id'])}/{UUID(one['id'])}",
        "case": f"{CASES}/{UUID(one['case_id'])}",
        "number": one.get("receipt_number", ""),
        "concerns": texts[f"concerns_{concerns}"],
        "party": texts[f"party_{party}"],
        "day": legal_date(datetime.fromisoformat(one["failed_at"])).isoformat(),
        "is_open": one["done_at"] is None,
        "means": texts[f"means_{one['means']}"] if one["means"] in _MEANS else "",
        "note": one["note"] or "",
    }


def _require_reader(visitor: Visitor) -> None:
    if not visitor.sees_cases or visitor.actor.has(Role.AUDITOR):
        raise Forbidden()
