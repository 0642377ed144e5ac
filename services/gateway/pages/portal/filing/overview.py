"""`/applications/{id}`: a draft as a list of tasks; what was filed as its case page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.formats import day, listed, moment
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.case.overview import case_page
from services.gateway.pages.portal.filing.colleagues import Colleagues, find_colleagues
from services.gateway.pages.portal.filing.draft import RULES, Draft, open_draft
from services.gateway.pages.portal.filing.left_out import read_left_out
from services.gateway.pages.portal.filing.offered import newer_version
from services.gateway.pages.portal.filing.shown import is_draft, read_view
from services.gateway.pages.portal.filing.steps import tasks_of
from services.gateway.pages.portal.imports.shown import import_of
from services.gateway.texts import PAGES
from shared.http import Lang

router = page_router()
_DONE = ("started", "copied", "taken", "handed_over", "selected", "renewed")


@router.get("/applications/{application_id:uuid}")
async def show_application(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show what is left to do of a draft, and where a filed application stands."""
    return await application_page(visitor, await read_view(visitor, application_id), done=done)


async def application_page(
    visitor: Visitor, view: Mapping[str, Any], errors: FormErrors | None = None, done: str | None = None
) -> Response:
    """The page of an application, with the refusal of something that was pressed there."""
    if not is_draft(view):
        return await case_page(visitor, view, errors, done)
    return await overview_page(await open_draft(visitor, view), errors, done)


async def overview_page(draft: Draft, errors: FormErrors | None = None, done: str | None = None) -> Response:
    """The overview of a draft, with the refusal of something that was pressed there."""
    check = await draft.check()
    problems = draft.problems(check["problems"])
    tasks = tasks_of(draft, check, problems)
    colleagues = await find_colleagues(draft.visitor, draft.role)
    return render_page(
        draft.visitor.request,
        "portal/filing/overview",
        draft.lang,
        visitor=draft.visitor,
        errors=errors,
        draft=draft,
        facts=_facts(draft.view, check["deleted_on"], colleagues),
        tasks=tasks,
        finished=sum(not task.is_open for task in tasks),
        next_path=next((task.href for task in tasks if task.is_open), f"{draft.path}/review"),
        problems=[one for one in problems if one.place != RULES],
        rules=[one for one in problems if one.place == RULES],
        complete=check["complete"],
        left_out=read_left_out(draft.visitor, draft.id) if done == "copied" else {},
        newer=await newer_version(draft.visitor, draft.view),
        is_mine=draft.view["owner"]["you"],
        others=colleagues.others(draft.view),
        imported=await import_of(draft.visitor, draft.id),
        done=done if done in _DONE else None,
    )


def _facts(view: Mapping[str, Any], deleted_on: str | None, colleagues: Colleagues) -> list[dict[str, Any]]:
    """The facts of a draft: whose it is and for what, who works on it, and when it ends if nobody does."""
    lang = colleagues.lang
    texts = PAGES[lang]["filing"]
    facts = [*_about(view, lang), {"label": texts["last_saved"], "value": _last_saved(view, colleagues)}]
    if deleted_on:
        ends = texts["deleted_on_value"].format(day=day(deleted_on, lang))
        facts.append({"label": texts["deleted_on"], "value": ends})
    if colleagues.names:
        facts.append({"label": texts["in_charge"], "value": colleagues.name(view["owner"]), "typed": True})
    return facts


def _about(view: Mapping[str, Any], lang: Lang) -> list[dict[str, Any]]:
    """The facts of an application: whose it is, and for what."""
    texts = PAGES[lang]["filing"]
    name = view["applicant_name"]
    together = [procedure_name(code, lang) for code in view["combined_with"]]
    return [
        {"label": texts["applicant"], "value": name, "typed": True},
        {"label": texts["status"], "value": status_name(view["status_of_residence"], lang)},
        *([{"label": texts["together"], "value": listed(together, lang)}] if together else []),
    ]


def _last_saved(view: Mapping[str, Any], colleagues: Colleagues) -> str:
    """When the draft was changed last, and by whom."""
    edited = view["edited_by"]
    at = moment(edited["at"] if edited else view["updated_at"], colleagues.lang)
    if edited is None or edited["you"]:
        return at
    return PAGES[colleagues.lang]["filing"]["last_saved_by"].format(at=at, name=colleagues.name(edited))
