"""The choice of procedure, status of residence and what is filed together, made again without losing answers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.draft import Draft, find_draft, not_saved
from services.gateway.pages.portal.filing.offered import Choice, offered_choices
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.reference.codes import Procedure
from shared.reference.procedures import combination_allowed

router = page_router()
PATH = "/applications/{application_id:uuid}/procedure"
_TOGETHER = (Procedure.REENTRY, Procedure.EXTRA_ACT, Procedure.WORKCERT)


@router.get(PATH)
async def show_selection(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show what is applied for, and what else it could be."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return await _page(draft)


@router.post(PATH)
async def select(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Change the choice. Answers that the other form does not ask are kept, and come back with the form that does."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    choice = Choice.read(form["choice"])
    if choice is None:
        return await _page(draft, FormErrors.on(PAGES[visitor.lang]["filing"]["need_choice"], "choice"))
    allowed = _combinations(draft, choice.procedure)
    together = [code for code in form.every("combined_with") if code in allowed]
    answer = await draft.change({**choice.body(), "activity": choice.activity or None, "combined_with": together})
    if errors := not_saved(answer, visitor.lang):
        return await _page(draft, errors)
    return redirect_to(draft.path, done="selected")


def _combinations(draft: Draft, procedure: str) -> list[str]:
    """The procedures that may be filed together with this one."""
    today = legal_date(draft.visitor.gateway.clock.now())
    return [code.value for code in _TOGETHER if combination_allowed(procedure, code, today)]


async def _page(draft: Draft, errors: FormErrors | None = None) -> Response:
    choices = await offered_choices(draft.visitor)
    if choices is None:
        raise ServiceDown()
    view: Mapping[str, Any] = draft.view
    lang = draft.lang
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        groups.setdefault(procedure_name(choice.procedure, lang), []).append((choice.value, choice.name(lang)))
    return render_page(
        draft.visitor.request,
        "portal/filing/selection",
        lang,
        visitor=draft.visitor,
        errors=errors,
        draft=draft,
        groups=list(groups.items()),
        chosen=Choice(view["procedure"], view["status_of_residence"], view["activity"] or "").value,
        together=[(code, procedure_name(code, lang), "") for code in _combinations(draft, view["procedure"])],
        combined=view["combined_with"],
        labels={"choice": PAGES[lang]["filing"]["choice"]},
    )
