"""`/desk/proposals`: proposals that wait for a decision, grouped by what they propose, and several decided in one pass.

A proposal that the officer has not opened cannot be chosen; what kept others from being decided is shown for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.desk.queue import CASES, named_officer, officer_names
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message, is_id
from services.gateway.pages.kit.frame import page_router, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import LongFormOfficer, OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden
from shared.reference.periods import period_name

router = page_router()
PROPOSALS = "/desk/proposals"
_SHOWN = 200
_ALIKE = ("procedure", "status_of_residence", "outcome", "period_of_stay")


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals that are alike: the words of what they propose, and each of them."""

    procedure: str
    status_of_residence: str
    outcome: str
    lines: Sequence[Mapping[str, Any]]


@router.get(PROPOSALS)
async def show_proposals(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the proposals of one's office that wait."""
    return await _page(visitor, Form())


@router.post(PROPOSALS)
async def decide_several(request: Request, visitor: LongFormOfficer, form: LongForm) -> Response:
    """Approve those that were chosen of one group, and show what became of each."""
    texts = PAGES[visitor.lang]["proposals"]
    pairs = [pair for value in form.every("chosen") if len(pair := value.split("/")) == 2 and all(map(is_id, pair))]
    if not pairs:
        return await _page(visitor, form, FormErrors(422, (Message(texts["need_one"]),)))
    body = {"cases": [{"case_id": case_id, "proposal_id": proposal_id} for case_id, proposal_id in pairs]}
    answer = await visitor.service("review").call(
        "POST", "/v1/cases/decisions", body, headers={"Idempotency-Key": str(form.key_of(body))}
    )
    if answer.status == 403:
        raise Forbidden()
    if errors := answer.form_errors(visitor.lang):
        return await _page(visitor, form, errors)
    names = await officer_names(visitor)
    outcomes = [
        one | {"href": f"{CASES}/{one['case_id']}", "by": named_officer(one["changed_by"], names, visitor)}
        for one in answer.body["items"]
    ]
    return render_page(
        request,
        "desk/proposals/outcome",
        visitor.lang,
        visitor=visitor,
        done=answer.body["done"],
        # Those that were refused come first.
        outcomes=sorted(outcomes, key=lambda one: bool(one["done"])),
        numbers={pair[0]: form[f"number-{pair[0]}"] for pair in pairs},
        proposals=PROPOSALS,
    )


async def _page(visitor: Visitor, form: Form, errors: FormErrors | None = None) -> Response:
    if not visitor.actor.has(Role.CHIEF_EXAMINER):
        raise Forbidden()
    answer = await visitor.service("review").fetch(f"/v1/cases/proposals?limit={_SHOWN}")
    names = await officer_names(visitor)
    return render_page(
        visitor.request,
        "desk/proposals/proposals",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        groups=_groups(answer.body["items"], names, visitor),
        more=answer.body["next"] is not None,
        chosen=form.every("chosen"),
        address=PROPOSALS,
        cases=CASES,
    )


def _groups(items: Sequence[Mapping[str, Any]], names: Mapping[str, str], visitor: Visitor) -> list[Group]:
    lang = visitor.lang

    def alike(one: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(one[name] or "" for name in _ALIKE)

    return [
        Group(
            procedure=procedure_name(procedure, lang),
            status_of_residence=status_name(status, lang),
            outcome=_outcome(outcome, period, visitor),
            lines=[{**one, "by": named_officer(one["proposed_by"], names, visitor)} for one in found],
        )
        for (procedure, status, outcome, period), found in groupby(sorted(items, key=alike), key=alike)
    ]


def _outcome(outcome: str, period: str, visitor: Visitor) -> str:
    words = PAGES[visitor.lang]["case_file"][f"outcome_{outcome}"]
    return f"{words} {say(period_name(period), visitor.lang)}" if period else words
