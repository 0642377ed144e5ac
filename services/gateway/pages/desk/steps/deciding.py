"""The steps to a decision: proposal, approval or its return, recall, and termination."""

from collections.abc import Mapping
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase, optional
from services.gateway.pages.desk.case_file.overview import examinations_of, words_of
from services.gateway.pages.desk.steps.choices import lists_of
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.kit.forms import Form

OUTCOMES = ("grant", "refuse", "not_accept")


def _given(form: Form, *names: str) -> dict[str, str | None]:
    return {name: form[name] if form[name].strip() else None for name in names}


async def _proposal(case: ShownCase) -> Mapping[str, Any]:
    choices = case.view["grantable"]
    return {
        "outcomes": OUTCOMES,
        "periods": [(code, case.period(code)) for code in choices["periods"]],
        "up_to": choices["up_to"],
        "reentry": choices["reentry"],
        "grounds": (await lists_of(case))["grounds"],
    }


def _proposed(form: Form) -> Mapping[str, Any]:
    """The members of a grant, or of anything else: fields of the other are left out, and stay on the page."""
    if form["outcome"] == "grant":
        given = _given(form, "period_of_stay", "other_period", "reentry")
        other = given.pop("other_period")
        return {"outcome": "grant"} | given | {"period_of_stay": other or given["period_of_stay"]}
    return {"outcome": form["outcome"]} | _given(form, "reason_code", "reason")


def _asked_period(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    """The form as it was before the proposal was sent back, else the period that was asked for."""
    if last := next(iter(reversed(case.view["proposals"])), None):
        names = ("outcome", "period_of_stay", "reentry", "reason_code", "reason")
        return {name: last[name] for name in names if last[name]}
    asked = case.view["requested_period"]
    return {"period_of_stay": asked} if asked in case.view["grantable"]["periods"] else {}


async def _decision(case: ShownCase) -> Mapping[str, Any]:
    proposal = case.proposal
    timeline = await optional(case.visitor, "review", f"/v1/cases/{case.id}/timeline")
    since = [
        {"text": one[case.lang], "at": one["at"]}
        for one in (timeline or {"entries": []})["entries"]
        if proposal and one["at"] > proposal["proposed_at"] and one["action"] != "case:read"
    ]
    questions = await optional(case.visitor, "review", "/v1/cases/checklist") or ()
    lists = await optional(case.visitor, "review", "/v1/cases/lists")
    return {
        "proposal": proposal,
        "words": words_of(lists, case.lang),
        "findings": next(iter(examinations_of(case, questions)), None),
        "since": since,
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
        values=_asked_period,
        context=_proposal,
    ),
    StepPage(
        "decision",
        "decision",
        lambda form: {"approve": form["approve"] == "yes"} | _given(form, "note", "proposal_id"),
        fields=("note",),
        needed=("approve",),
        values=lambda case, context: {"proposal_id": context["proposal"]["id"]} if context["proposal"] else {},
        context=_decision,
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
