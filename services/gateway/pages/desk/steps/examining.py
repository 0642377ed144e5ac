"""The examiner's steps: start, findings, requests for documents, interviews, corrections, cases of the same person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.case_file.overview import changes_of
from services.gateway.pages.desk.steps.choices import OTHER, checklist_of, documents_of
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.desk.steps.rows import filled_rows, item_places, items_of, rows_shown
from services.gateway.pages.kit.forms import Form, Message, is_id
from services.gateway.pages.kit.names import office_name, procedure_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.http import say
from shared.text import BadValue, day

_ANSWERS = ("yes", "no", "unknown", "not_asked")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def _empty_is_none(text: str) -> str | None:
    return text if text.strip() else None


async def _checklist(case: ShownCase) -> Mapping[str, Any]:
    return {"questions": await checklist_of(case), "answers": _ANSWERS}


def _last_findings(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    last = case.view["examinations"][-1]["findings"] if case.view["examinations"] else {}
    return {f"finding-{code}": answer for code, answer in last.items()}


def _findings(form: Form) -> Mapping[str, Any]:
    found = {name.removeprefix("finding-"): form[name] for name in form if name.startswith("finding-") and form[name]}
    return {"findings": found, "note": _empty_is_none(form["note"])}


def _finding_places(form: Form) -> Mapping[str, str]:
    return {f"/findings/{name.removeprefix('finding-')}": name for name in form if name.startswith("finding-")}


async def _request(case: ShownCase) -> Mapping[str, Any]:
    return {"documents": documents_of(case), "unlisted": OTHER, "rows_of": rows_shown}


def _requested(form: Form) -> Mapping[str, Any]:
    return {"items": items_of(form), "due_on": form["due_on"]}


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
        "interview",
        "interview",
        lambda form: {"held_at": _held_at(form), "instructions": _empty_is_none(form["instructions"])},
        fields=("instructions",),
        places=lambda form: {"/held_at": "held_on"},
        problems=lambda form, visitor: tuple(_interview_problems(form, visitor)),
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
