"""The steps to a decision: proposal, approval or its return, recall, and termination."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase, optional, read_whole_case
from services.gateway.pages.desk.case_file.overview import examinations_of, words_of
from services.gateway.pages.desk.steps.basis import basis_of, hints_of
from services.gateway.pages.desk.steps.choices import lists_of
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.names import office_name, procedure_name
from services.gateway.texts import PAGES

OUTCOMES = ("grant", "refuse", "not_accept")
# The fields of the conditions of a grant.
_CONDITION = "condition-"


def _given(form: Form, *names: str) -> dict[str, str | None]:
    return {name: form[name] if form[name].strip() else None for name in names}


async def _proposal(case: ShownCase) -> Mapping[str, Any]:
    choices = case.view["grantable"]
    lists, hints = await asyncio.gather(lists_of(case), hints_of(case))
    return {
        "hints": hints,
        "outcomes": OUTCOMES,
        "periods": [(code, case.period(code)) for code in choices["periods"]],
        "up_to": choices["up_to"],
        "reentry": choices["reentry"],
        "conditions": [_condition(one, choices["conditions"], case) for one in choices["conditions"]],
        "grounds": lists["grounds"],
    }


def _condition(one: Mapping[str, Any], among: Sequence[Mapping[str, Any]], case: ShownCase) -> Mapping[str, Any]:
    """The field of a condition, with a hint where it goes with one choice of another condition alone."""
    hint = ""
    if one["only_with"]:
        code, choice = one["only_with"]
        other = next(each for each in among if each["code"] == code)
        chosen = next(each for each in other["choices"] if each["code"] == choice)
        names = {"condition": other["name"][case.lang], "choice": chosen["name"][case.lang]}
        hint = PAGES[case.lang]["steps"]["only_with"].format(**names)
    return {
        "field": f"{_CONDITION}{one['code']}",
        "name": one["name"][case.lang],
        "choices": [(each["code"], each["name"][case.lang]) for each in one["choices"]],
        "hint": hint,
        "several": one["several"],
    }


def _conditions(form: Form) -> dict[str, str]:
    """The conditions that were entered, by code."""
    fields = (name for name in form if name.startswith(_CONDITION))
    stated = {name: ",".join(filter(str.strip, form.every(name))) for name in fields}
    return {name.removeprefix(_CONDITION): value for name, value in stated.items() if value}


def _condition_places(form: Form) -> Mapping[str, str]:
    return {f"/conditions/{name.removeprefix(_CONDITION)}": name for name in form if name.startswith(_CONDITION)}


def _proposed(form: Form) -> Mapping[str, Any]:
    """The members of a grant, or of anything else: fields of the other are left out, and stay on the page."""
    proposed: dict[str, Any] = {"outcome": form["outcome"], "hints": form.every("hints")}
    if form["outcome"] == "grant":
        given = _given(form, "period_of_stay", "other_period", "reentry")
        other = given.pop("other_period")
        period = other or given["period_of_stay"]
        return proposed | given | {"period_of_stay": period, "conditions": _conditions(form)}
    return proposed | _given(form, "reason_code", "reason")


def _as_read(case: ShownCase) -> dict[str, str]:
    """The revision of the case that the page shows: the step is refused where something happened since."""
    return {"revision": str(case.view["revision"])}


def _asked_period(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    """The form as it was before the proposal was sent back, else the period that was asked for."""
    return _as_read(case) | _last_proposed(case)


def _last_proposed(case: ShownCase) -> dict[str, str]:
    if last := next(iter(reversed(case.view["proposals"])), None):
        names = ("outcome", "period_of_stay", "reentry", "reason_code", "reason")
        stated = {f"{_CONDITION}{one['code']}": one["value"] for one in last["conditions"]}
        return {name: last[name] for name in names if last[name]} | stated
    asked = case.view["requested_period"]
    return {"period_of_stay": asked} if asked in case.view["grantable"]["periods"] else {}


async def _decision(case: ShownCase) -> Mapping[str, Any]:
    return {
        **await basis_of(case),
        "proposal": case.proposal,
        "words": words_of(case.file["lists"], case.lang),
        "findings": next(iter(examinations_of(case, case.file["checklist"])), None),
        "procedure_name": procedure_name,
        "office_name": office_name,
    }


async def _decided(case: ShownCase) -> Mapping[str, Any]:
    lists = await optional(case.visitor, "review", "/v1/cases/lists")
    decided = next((one for one in case.view["proposals"] if one["approved"] and not one["recalled_at"]), None)
    return {"proposal": decided, "words": words_of(lists, case.lang)}


async def _terminations(case: ShownCase) -> Mapping[str, Any]:
    return {"reasons": (await lists_of(case))["terminations"]}


STEPS = (
    StepPage(
        "proposal",
        "proposal",
        _proposed,
        fields=("outcome", "period_of_stay", "reentry", "reason_code", "reason"),
        needed=("outcome",),
        places=_condition_places,
        values=_asked_period,
        context=_proposal,
    ),
    StepPage(
        "decision",
        "decision",
        lambda form: {"approve": form["approve"] == "yes"} | _given(form, "note"),
        fields=("note",),
        needed=("approve",),
        values=lambda case, context: _as_read(case),
        context=_decision,
        # One question to review in place of four.
        read=read_whole_case,
    ),
    StepPage(
        "recall",
        "recall",
        lambda form: _given(form, "reason"),
        fields=("reason",),
        needed=("reason",),
        context=_decided,
    ),
    StepPage(
        "termination",
        "termination",
        lambda form: {"reason_code": form["reason_code"]} | _given(form, "note"),
        fields=("reason_code", "note"),
        needed=("reason_code",),
        context=_terminations,
    ),
)
