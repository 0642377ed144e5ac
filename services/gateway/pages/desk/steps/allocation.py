"""The steps on who has a case: taking, assigning, handing over, returning, another office, and flags."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.queue import CASES, colleagues_of
from services.gateway.pages.desk.steps.choices import lists_of
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.kit.forms import Form, Message
from services.gateway.pages.kit.names import office_codes, office_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.auth import Role


async def examiners_of(visitor: Visitor, without: str | None) -> list[tuple[str, str]]:
    """The examiners of the visitor's office who can get a case, each with the load; those who are away are left out."""
    colleagues, known = await asyncio.gather(colleagues_of(visitor), visitor.service("review").fetch("/v1/examiners"))
    loads = {one["officer_id"]: one for one in known.body["items"]}
    texts = PAGES[visitor.lang]["steps"]
    found = []
    for one in colleagues:
        load = loads.get(one["id"])
        if not one["active"] or Role.EXAMINER not in one["roles"] or one["id"] == without or (load and load["absent"]):
            continue
        at_work = load["at_work"] if load else 0
        found.append((one["id"], texts["with_load"].format(name=one["name"], cases=at_work)))
    return found


async def _examiners(case: ShownCase) -> Mapping[str, Any]:
    return {"examiners": await examiners_of(case.visitor, case.view["examiner_id"])}


async def _offices(case: ShownCase) -> Mapping[str, Any]:
    """The other offices, and the one in charge of the applicant's new address where there is one."""
    lang, present = case.lang, case.view["office"]
    moved = case.view["address_office"]
    return {
        "offices": [(code, office_name(code, lang)) for code in office_codes() if code != present],
        "in_charge": office_name(moved, lang) if moved and moved != present else "",
    }


def _in_charge(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {"office": case.view["address_office"]} if context["in_charge"] else {}


async def _missing_flags(case: ShownCase) -> Mapping[str, Any]:
    present = {one["code"] for one in case.view["flags"]}
    return {"flags": [one for one in (await lists_of(case))["flags"] if one[0] not in present]}


async def _present_flags(case: ShownCase) -> Mapping[str, Any]:
    present = {one["code"] for one in case.view["flags"]}
    return {"flags": [one for one in (await lists_of(case))["flags"] if one[0] in present]}


def _flag_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    # The code is a part of the address that is called: nothing but a code may stand there.
    is_code = form["code"].isascii() and form["code"].isalpha()
    return () if is_code or not form["code"] else (Message(PAGES[visitor.lang]["steps"]["choose"], "code"),)


def _only(*names: str) -> Any:
    """The body of a form whose fields are the members of the body."""
    return lambda form: {name: form[name] for name in names}


def _steps() -> Iterator[StepPage]:
    to = ("examiner_id", "reason")
    yield StepPage("take", "take", lambda form: None)
    for name in ("assignment", "reassignment"):
        yield StepPage(
            name,
            name,
            lambda form: {"examiner_id": form["examiner_id"], "note": form["note"] if form["note"].strip() else None},
            fields=("examiner_id", "note"),
            needed=("examiner_id",),
            context=_examiners,
        )
    yield StepPage("hand-over", "hand-over", _only(*to), fields=to, needed=to, context=_examiners)
    for name in ("return", "take-back"):
        yield StepPage(name, name, _only("reason"), fields=("reason",), needed=("reason",))
    yield StepPage(
        "transfer",
        "transfer",
        _only("office", "reason"),
        fields=("office", "reason"),
        needed=("office", "reason"),
        values=_in_charge,
        context=_offices,
        # The visitor does not see the case any more.
        leads_to=CASES,
    )
    flag = ("code", "reason")
    yield StepPage("flag", "flags", _only(*flag), fields=flag, needed=flag, context=_missing_flags)
    yield StepPage(
        "unflag",
        "flags/{code}/removal",
        _only("reason"),
        fields=("reason",),
        needed=flag,
        problems=_flag_problems,
        context=_present_flags,
    )


STEPS = tuple(_steps())
