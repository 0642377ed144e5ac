"""`/desk/examiners`: the examiners of an office with their load, and for each what they examine, absences, and all of
their cases in one press."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.queue import colleagues_of
from services.gateway.pages.desk.steps.allocation import examiners_of
from services.gateway.pages.desk.steps.page import Records, StepPage, router_of
from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.forms import Form, Message, is_id
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.names import procedure_codes, procedure_name, status_codes, status_name
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
EXAMINERS = "/desk/examiners"
PATH = f"{EXAMINERS}/{{examiner_id:uuid}}"
_UNKNOWN: Mapping[str, Any] = {
    "procedures": [],
    "statuses": [],
    "cases": 0,
    "at_work": 0,
    "absent": False,
    "absences": [],
}


@dataclass(frozen=True, slots=True)
class ShownExaminer:
    """An examiner of the visitor's office: the name, and what the review service knows of them."""

    visitor: Visitor
    id: str
    name: str
    view: Mapping[str, Any]
    limit: int

    @property
    def path(self) -> str:
        return f"{EXAMINERS}/{self.id}"

    @property
    def examines(self) -> str:
        """The procedures and statuses that they examine, in words."""
        lang = self.visitor.lang
        texts = PAGES[lang]["examiners"]
        named = [procedure_name(code, lang) for code in self.view["procedures"]]
        named += [status_name(code, lang) for code in self.view["statuses"]]
        return texts["and"].join(named) or texts["everything"]


@router.get(EXAMINERS)
async def show_examiners(visitor: OfficerVisitor) -> Response:
    """Show the examiners of the office."""
    found = await _examiners(visitor)
    return render_page(
        visitor.request, "desk/examiners/list", visitor.lang, visitor=visitor, examiners=found, limit=found[0].limit
    )


@router.get(PATH)
async def show_examiner(examiner_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show one examiner, and what the visitor can do."""
    one = await read_examiner(visitor, examiner_id)
    steps = possible(one)
    texts = {step.text for step in STEPS}
    return render_page(
        visitor.request,
        "desk/examiners/examiner",
        visitor.lang,
        visitor=visitor,
        one=one,
        steps=steps,
        done=done if done in (*texts, "not_now") else None,
    )


async def read_examiner(visitor: Visitor, examiner_id: UUID) -> ShownExaminer:
    """An examiner of the visitor's office. Raises `Gone` for anybody else."""
    for one in await _examiners(visitor):
        if one.id == str(examiner_id):
            return one
    raise Gone()


async def _examiners(visitor: Visitor) -> Sequence[ShownExaminer]:
    """The examiners of the visitor's office, and those with cases there who are no examiners any more."""
    if not visitor.actor.has(Role.EXAMINER, Role.CHIEF_EXAMINER):
        raise Forbidden()
    colleagues, answer = await asyncio.gather(colleagues_of(visitor), visitor.service("review").fetch("/v1/examiners"))
    known = {one["officer_id"]: one for one in answer.body["items"]}
    names = {one["id"]: one["name"] for one in colleagues}
    listed = [one["id"] for one in colleagues if one["active"] and Role.EXAMINER in one["roles"]]
    listed += [one for one, view in known.items() if one not in listed and view["cases"]]
    texts, limit = PAGES[visitor.lang]["queue"], answer.body["limit"]
    return [
        ShownExaminer(visitor, one, names.get(one, texts["another_office"]), known.get(one, _UNKNOWN), limit)
        for one in listed
    ] or [ShownExaminer(visitor, str(visitor.actor.id), names.get(str(visitor.actor.id), ""), _UNKNOWN, limit)]


def possible(one: ShownExaminer) -> Sequence[str]:
    """The pages of the steps that the visitor can take for an examiner."""
    is_chief = one.visitor.actor.has(Role.CHIEF_EXAMINER)
    found = ["absence"] if is_chief or one.id == str(one.visitor.actor.id) else []
    if found and one.view["absences"]:
        found.append("end-absence")
    if is_chief:
        found.append("skill")
    if is_chief and one.view["cases"]:
        found.append("move")
    return found


def _render(one: ShownExaminer, step: str, values: Mapping[str, Any]) -> Response:
    return render_page(
        one.visitor.request,
        f"desk/examiners/{step}",
        one.visitor.lang,
        visitor=one.visitor,
        one=one,
        texts=PAGES[one.visitor.lang]["examiners"],
        **values,
    )


RECORDS = Records(PATH, "review", "/v1/examiners", read_examiner, possible, _render)


async def _choices(one: ShownExaminer) -> Mapping[str, Any]:
    lang = one.visitor.lang
    return {
        "procedures": [(code, procedure_name(code, lang)) for code in procedure_codes()],
        "statuses": [(code, status_name(code, lang)) for code in status_codes()],
    }


def _skill(form: Form) -> Mapping[str, Any]:
    return {
        "procedures": [code for code in procedure_codes() if form[f"procedure-{code}"]],
        "statuses": [code for code in status_codes() if form[f"status-{code}"]],
    }


def _present_skill(one: ShownExaminer, context: Mapping[str, Any]) -> Mapping[str, str]:
    ticked = [f"procedure-{code}" for code in one.view["procedures"]]
    return dict.fromkeys([*ticked, *(f"status-{code}" for code in one.view["statuses"])], "yes")


async def _colleagues(one: ShownExaminer) -> Mapping[str, Any]:
    texts = PAGES[one.visitor.lang]["examiners"]
    return {"examiners": [("queue", texts["to_the_queue"]), *await examiners_of(one.visitor, one.id)]}


def _absence_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    # The id is a part of the address that is called: nothing but an id may stand there.
    is_right = is_id(form["absence_id"]) or not form["absence_id"]
    return () if is_right else (Message(PAGES[visitor.lang]["steps"]["choose"], "absence_id"),)


def _steps() -> Iterator[StepPage]:
    days = ("first_day", "last_day")
    yield StepPage("skill", "skill", _skill, values=_present_skill, context=_choices, method="PUT")
    yield StepPage("absence", "absences", lambda form: {name: form[name] for name in days}, fields=days, needed=days)
    yield StepPage(
        "end-absence",
        "absences/{absence_id}/end",
        lambda form: None,
        needed=("absence_id",),
        problems=_absence_problems,
    )
    yield StepPage(
        "move",
        "cases",
        lambda form: {
            "examiner_id": None if form["examiner_id"] == "queue" else form["examiner_id"],
            "reason": form["reason"],
        },
        fields=("examiner_id", "reason"),
        needed=("examiner_id", "reason"),
        context=_colleagues,
    )


STEPS = tuple(_steps())
steps = router_of(STEPS, RECORDS)
