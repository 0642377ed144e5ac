"""The examiner's steps: start, findings, documents and more time for them, interviews, corrections, the same person."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from services.gateway.pages.desk.case_file.background import changes_of
from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.steps.choices import (
    OTHER,
    case_documents,
    checklist_of,
    documents_of,
    form_fields,
    lists_of,
)
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.desk.steps.rows import filled_rows, item_places, rows_shown
from services.gateway.pages.kit.forms import Form, Message, is_id
from services.gateway.pages.kit.names import office_name, procedure_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.text import BadValue, day

_ANSWERS = ("yes", "no", "unknown", "not_asked")
_EVIDENCE = ("document_id", "page", "field")
_PAGE = re.compile(r"[1-9][0-9]{0,3}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def _empty_is_none(text: str) -> str | None:
    return text if text.strip() else None


async def _checklist(case: ShownCase) -> Mapping[str, Any]:
    questions, documents, fields = await asyncio.gather(checklist_of(case), case_documents(case), form_fields(case))
    return {"questions": questions, "answers": _ANSWERS, "documents": documents, "form_fields": fields}


def _last_findings(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    if not case.view["examinations"]:
        return {}
    last = case.view["examinations"][-1]
    asked = {code for code, _ in context["questions"]}
    found = {f"finding-{code}": answer for code, answer in last["findings"].items() if code in asked}
    for code, items in last["evidence"].items():
        if code in asked and items:
            found |= {f"{part}-{code}": str(items[0][part] or "") for part in _EVIDENCE}
    return found


def _codes(form: Form) -> list[str]:
    """The questions that were on the page."""
    return [name.removeprefix("finding-") for name in form if name.startswith("finding-")] + [
        name.removeprefix("field-") for name in form if name.startswith("field-") and f"finding-{name[6:]}" not in form
    ]


def _findings(form: Form) -> Mapping[str, Any]:
    found = {code: form[f"finding-{code}"] for code in _codes(form) if form[f"finding-{code}"]}
    evidence = {
        code: [{part: form[f"{part}-{code}"].strip() or None for part in _EVIDENCE}]
        for code in _codes(form)
        if any(form[f"{part}-{code}"].strip() for part in _EVIDENCE)
    }
    return {"findings": found, "evidence": evidence, "note": _empty_is_none(form["note"])}


def _finding_places(form: Form) -> Mapping[str, str]:
    places = {f"/findings/{code}": f"finding-{code}" for code in _codes(form)}
    for code in _codes(form):
        places |= {f"/evidence/{code}/0/{part}": f"{part}-{code}" for part in _EVIDENCE}
    return places


def _finding_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    pages = (f"page-{code}" for code in _codes(form))
    need = PAGES[visitor.lang]["steps"]["need_page"]
    return [Message(need, name) for name in pages if form[name].strip() and not _PAGE.fullmatch(form[name].strip())]


async def _request(case: ShownCase) -> Mapping[str, Any]:
    sentences = (await lists_of(case))["texts"]
    return {"documents": documents_of(case), "unlisted": OTHER, "rows_of": rows_shown, "sentences": sentences}


def _requested(form: Form) -> Mapping[str, Any]:
    items = [
        {
            "code": form[f"code-{number}"],
            "text_codes": [form[f"text-{number}"]] if form[f"text-{number}"] else [],
            "message": _empty_is_none(form[f"message-{number}"]),
        }
        for number in filled_rows(form)
    ]
    return {"items": items, "due_on": form["due_on"]}


def _request_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    texts = PAGES[visitor.lang]["steps"]
    if not filled_rows(form):
        return (Message(texts["need_item"], "items"),)
    return [Message(texts["need"], f"code-{number}") for number in filled_rows(form) if not form[f"code-{number}"]]


def _held_at(form: Form) -> str | None:
    """The moment of an interview, in Japan; None where no day is named. Raises `BadValue`, and ValueError for a time
    that is none."""
    if not form["held_on"].strip():
        return None
    found = _TIME.fullmatch(form["held_time"].strip())
    if found is None:
        raise ValueError
    return datetime.combine(day(form["held_on"]), time(int(found[1]), int(found[2])), JST).isoformat()


def _moved_problems(form: Form, visitor: Visitor) -> Iterator[Message]:
    if not form["held_on"].strip():
        yield Message(PAGES[visitor.lang]["steps"]["need"], "held_on")
    else:
        yield from _interview_problems(form, visitor)


def _interview(form: Form) -> dict[str, Any]:
    """The members that say when and where an interview is."""
    return {
        "held_at": _held_at(form),
        "place": _empty_is_none(form["place"]),
        "instructions": _empty_is_none(form["instructions"]),
    }


def _planned(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    """The interview as it is planned, in the fields of its form."""
    planned = case.interview
    if planned is None:
        return {}
    at = datetime.fromisoformat(planned["held_at"]).astimezone(JST) if planned["held_at"] else None
    return {
        "held_on": f"{at:%Y-%m-%d}" if at else "",
        "held_time": f"{at:%H:%M}" if at else "",
        "place": planned["place"] or "",
        "instructions": planned["instructions"] or "",
    }


async def _more_time(case: ShownCase) -> Mapping[str, Any]:
    asked = case.waiting_more_time
    found = await case.of_application("/requested-documents") or {"more_time": []}
    shown = next((one for one in found["more_time"] if asked and one["more_time_id"] == asked["id"]), None)
    return {"asked": asked, "reason": shown["reason"] if shown else ""}


def _wanted(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {"due_on": context["asked"]["wanted_on"]} if context["asked"] else {}


def _more_time_answer(form: Form) -> Mapping[str, Any]:
    agreed = form["agreed"] == "yes"
    due_on = _empty_is_none(form["due_on"]) if agreed else None
    return {"agreed": agreed, "due_on": due_on, "reason": _empty_is_none(form["reason"])}


def _more_time_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    # The id is a part of the address that is called: nothing but an id may stand there.
    texts = PAGES[visitor.lang]["steps"]
    return () if is_id(form["more_time_id"]) else (Message(texts["no_more_time_request"]),)


def _interview_problems(form: Form, visitor: Visitor) -> Iterator[Message]:
    texts = PAGES[visitor.lang]["steps"]
    if form["held_time"].strip() and not form["held_on"].strip():
        yield Message(texts["need"], "held_on")
    try:
        _held_at(form)
    except BadValue as bad:
        yield Message(say(bad.message, visitor.lang), "held_on")
    except ValueError:
        yield Message(texts["need_time"], "held_time")


async def _correction(case: ShownCase) -> Mapping[str, Any]:
    asked = case.waiting_correction
    found = await case.of_application("/corrections") or {"items": []}
    shown = next((one for one in found["items"] if asked and one["correction_id"] == asked["id"]), None)
    return {
        "asked": asked,
        "reason": shown["reason"] if shown else "",
        "changes": changes_of(shown["changes"], case.lang) if shown else [],
    }


def _correction_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    # The id is a part of the address that is called: nothing but an id may stand there.
    return () if is_id(form["correction_id"]) else (Message(PAGES[visitor.lang]["steps"]["no_correction"]),)


async def _same_person(case: ShownCase) -> Mapping[str, Any]:
    others = [(one["case_id"], one["receipt_number"], office_name(one["office"], case.lang)) for one in case.unresolved]
    return {"others": others, "procedure_name": procedure_name, "office_name": office_name}


STEPS = (
    StepPage("start", "start", lambda form: None),
    StepPage(
        "findings",
        "examination",
        _findings,
        fields=("note",),
        places=_finding_places,
        problems=_finding_problems,
        values=_last_findings,
        context=_checklist,
    ),
    StepPage(
        "document-request",
        "document-requests",
        _requested,
        fields=("due_on",),
        needed=("due_on",),
        places=item_places,
        problems=_request_problems,
        context=_request,
    ),
    StepPage(
        "more-time",
        "more-time/{more_time_id}",
        _more_time_answer,
        fields=("agreed", "due_on", "reason"),
        needed=("agreed",),
        problems=_more_time_problems,
        values=_wanted,
        context=_more_time,
    ),
    StepPage(
        "interview",
        "interview",
        lambda form: {"kind": form["interview_kind"]} | _interview(form),
        fields=("place", "instructions"),
        needed=("interview_kind",),
        places=lambda form: {"/held_at": "held_on", "/kind": "interview_kind"},
        problems=lambda form, visitor: tuple(_interview_problems(form, visitor)),
    ),
    StepPage(
        "interview-move",
        "interview/move",
        _interview,
        fields=("place", "instructions"),
        places=lambda form: {"/held_at": "held_on"},
        problems=lambda form, visitor: tuple(_moved_problems(form, visitor)),
        values=_planned,
    ),
    StepPage(
        "interview-cancel",
        "interview/cancel",
        lambda form: {"reason": form["reason"]},
        fields=("reason",),
        needed=("reason",),
    ),
    StepPage(
        "correction",
        "corrections/{correction_id}",
        lambda form: {"agreed": form["agreed"] == "yes", "reason": _empty_is_none(form["reason"])},
        fields=("agreed", "reason"),
        needed=("agreed",),
        problems=_correction_problems,
        context=_correction,
    ),
    StepPage(
        "same-person",
        "same-person",
        lambda form: {name: form[name] for name in ("other_case_id", "finding", "reason")},
        fields=("other_case_id", "finding", "reason"),
        needed=("other_case_id", "finding", "reason"),
        context=_same_person,
    ),
)
